import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { Bcrypt } from './bcrypt.ts';
import { FairQueue } from './fair-queue.ts';
import type { BcryptHash, Hash, ScryptHash } from './password-hash.ts';

/** Checks passwords against hashes, and computes hashes. */
export class PasswordChecker {
  /** Decides whose password is checked next. */
  readonly queue: FairQueue;
  readonly #bcrypt = new Bcrypt();
  readonly #closing = new AbortController();

  constructor(maxWaiting?: number) {
    this.queue = new FairQueue(maxWaiting);
  }

  /** Whether the password matches the first hash. If not, the others are checked too, only to take the same time. */
  async check(password: Buffer, [first, ...others]: readonly Hash[]): Promise<boolean> {
    if (first === undefined) return false;
    const isMatch = timingSafeEqual(await this.#digest(password, first), first.digest);
    if (!isMatch) for (const hash of others) await this.#digest(password, hash);
    return isMatch;
  }

  /** Hashes a password with a random salt. */
  async hash(
    password: Buffer,
    parameters: Omit<BcryptHash, 'salt' | 'digest'> | Omit<ScryptHash, 'salt' | 'digest'>,
  ): Promise<Hash> {
    const empty = { ...parameters, salt: randomBytes(16), digest: Buffer.alloc(32) };
    return { ...empty, digest: Buffer.from(await this.#digest(password, empty)) };
  }

  /** Aborts the check that is running, which rejects. */
  close(): void {
    this.#closing.abort(new Error('The password checker is closed.'));
  }

  async #digest(password: Buffer, hash: Hash): Promise<Uint8Array> {
    if (hash.algorithm === 'scrypt') return await scryptDigest(password, hash);
    return await this.#bcrypt.digest(password, hash.salt, hash.cost, this.#closing.signal);
  }
}

function scryptDigest(password: Buffer, { ln, r, p, salt, digest }: ScryptHash): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r + 2 ** 20 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, digest.length, options, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}
