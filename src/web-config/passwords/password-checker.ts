import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { Bcrypt } from './bcrypt.ts';
import { FairQueue } from './fair-queue.ts';
import type { BcryptHash, Hash, ScryptHash } from './password-hash.ts';

/** Says whether passwords fit hashes. */
export class PasswordChecker {
  /** Whose password is checked next. */
  readonly queue: FairQueue;
  readonly #bcrypt = new Bcrypt();
  readonly #closing = new AbortController();

  constructor(mostWaiting?: number) {
    this.queue = new FairQueue(mostWaiting);
  }

  /**
   * Whether the password fits the first of the hashes. Where it does not, it is tried on all others too, for the time that
   * takes.
   */
  async check(password: Buffer, [first, ...others]: readonly Hash[]): Promise<boolean> {
    if (first === undefined) return false;
    const fits = timingSafeEqual(await this.#digest(password, first), first.digest);
    if (!fits) for (const hash of others) await this.#digest(password, hash);
    return fits;
  }

  /** A new hash of the password. */
  async hash(
    password: Buffer,
    like: Omit<BcryptHash, 'salt' | 'digest'> | Omit<ScryptHash, 'salt' | 'digest'>,
  ): Promise<Hash> {
    const open = { ...like, salt: randomBytes(16), digest: Buffer.alloc(32) };
    return { ...open, digest: Buffer.from(await this.#digest(password, open)) };
  }

  /** Ends the check that is under way; it rejects. */
  close(): void {
    this.#closing.abort(new Error('No more passwords are checked.'));
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
