import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { createBcrypt } from './bcrypt.ts';
import type { BcryptHash, Hash, ScryptHash } from './password-hash.ts';

/** Says whether passwords fit hashes, one after another, off the event loop. */
export class PasswordChecker {
  readonly #mostWaiting: number;
  readonly #bcrypt = new BcryptWorker();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(mostWaiting = 16) {
    this.#mostWaiting = mostWaiting;
  }

  /**
   * Whether the password fits the first of the hashes. Where it does not, it is tried on all others too, for the time that
   * takes. Undefined where too many wait already: guessing passwords must not pile up work.
   */
  check(password: Buffer, hashes: readonly Hash[]): Promise<boolean> | undefined {
    if (this.#waiting >= this.#mostWaiting) return undefined;
    this.#waiting++;
    const result = this.#last.then(async () => {
      try {
        return await this.#fitsFirst(password, hashes);
      } finally {
        this.#waiting--;
      }
    });
    this.#last = result.catch(() => {});
    return result;
  }

  /** A new hash of the password. */
  async hash(
    password: Buffer,
    like: Omit<BcryptHash, 'salt' | 'digest'> | Omit<ScryptHash, 'salt' | 'digest'>,
  ): Promise<Hash> {
    const open = { ...like, salt: randomBytes(16), digest: Buffer.alloc(32) };
    return { ...open, digest: await this.#digest(password, open) };
  }

  async close(): Promise<void> {
    await this.#bcrypt.close();
  }

  async #fitsFirst(password: Buffer, [first, ...others]: readonly Hash[]): Promise<boolean> {
    if (first === undefined) return false;
    const fits = timingSafeEqual(await this.#digest(password, first), first.digest);
    if (!fits) for (const hash of others) await this.#digest(password, hash);
    return fits;
  }

  #digest(password: Buffer, hash: Hash): Promise<Buffer> {
    return hash.algorithm === 'bcrypt' ? this.#bcrypt.digest(password, hash) : scryptDigest(password, hash);
  }
}

function scryptDigest(password: Buffer, { ln, r, p, salt, digest }: ScryptHash): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r + 2 ** 20 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, digest.length, options, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

/** Some compilers name functions with a helper of this name, which the worker does not have. */
const SOURCE = `const __name = (target) => target;
const bcrypt = (${createBcrypt.toString()})();
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ password, salt, cost }) => parentPort.postMessage(bcrypt(password, salt, cost)));`;

/** A thread of its own for bcrypt, started at first use; it keeps no process alive unless there is work. */
class BcryptWorker {
  #worker: Worker | undefined;

  async digest(password: Buffer, { salt, cost }: BcryptHash): Promise<Buffer> {
    const worker = await this.#started();
    worker.ref();
    try {
      return await new Promise((resolve, reject) => {
        const done = (digest: Uint8Array) => {
          worker.off('error', reject);
          resolve(Buffer.from(digest));
        };
        worker.once('message', done).once('error', reject);
        worker.postMessage({ password: Uint8Array.from(password), salt: Uint8Array.from(salt), cost });
      });
    } finally {
      worker.unref();
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #started(): Promise<Worker> {
    if (this.#worker !== undefined) return this.#worker;
    const { Worker } = await import('node:worker_threads');
    const worker = new Worker(SOURCE, { eval: true, name: 'bcrypt' });
    worker.once('error', () => {
      this.#worker = undefined;
    });
    worker.setMaxListeners(0);
    this.#worker = worker;
    return worker;
  }
}
