import { createHmac, randomBytes } from 'node:crypto';
import type { Client } from './fair-queue.ts';
import type { PasswordChecker } from './password-checker.ts';
import { decoysFor, formatHash, type Hash, hashKind } from './password-hash.ts';

/** Result of an authentication: `busy` if too many passwords are waiting to be checked. */
export type Verdict = 'granted' | 'refused' | 'busy';

/** Credentials to check, and the hashes to check them against. */
interface Attempt {
  /** Digest of the user, the hash and the password. */
  readonly key: string;
  readonly password: Buffer;
  readonly hashes: readonly Hash[];
  readonly isKnown: boolean;
}

const MAX_CACHED = 100;

/** Checks users and passwords, one at a time, and caches the verdicts by a keyed digest until the users change. */
export class Authenticator {
  readonly #users: ReadonlyMap<string, Hash>;
  readonly #checker: PasswordChecker;
  /**
   * One decoy per algorithm and cost. A wrong password is checked against one hash of every kind, so that timing does
   * not reveal whether a user exists.
   */
  readonly #decoys: readonly Hash[];
  readonly #key = randomBytes(32);
  readonly #granted = new Set<string>();
  /** Separate from the granted ones, so that a flood of guesses does not evict them. */
  readonly #refused = new Set<string>();

  constructor(users: ReadonlyMap<string, Hash>, checker: PasswordChecker) {
    this.#users = users;
    this.#checker = checker;
    this.#decoys = decoysFor(users.values());
  }

  /** Checks the `Authorization` headers of a request: immediately if the verdict is cached, otherwise in turn. */
  async judge(
    headers: readonly string[],
    client: Client = { groups: [], connection: { destroyed: false } },
  ): Promise<Verdict> {
    const [header, ...others] = headers;
    const credentials = header === undefined || others.length > 0 ? undefined : parseCredentials(header);
    if (credentials === undefined) return 'refused';
    const attempt = this.#attempt(credentials);
    const known = this.#known(attempt);
    if (known !== undefined) return known;
    const isDecided = () => this.#known(attempt) !== undefined;
    return (await this.#checker.queue.inTurn(client, isDecided, () => this.#decide(attempt, client))) ?? 'busy';
  }

  #attempt({ user, password }: Credentials): Attempt {
    const known = this.#users.get(user);
    const others = this.#decoys.filter((decoy) => known === undefined || hashKind(decoy) !== hashKind(known));
    const hashes = known === undefined ? others : [known, ...others];
    return { key: this.#digest(user, known, password), password, hashes, isKnown: known !== undefined };
  }

  #known({ key }: Attempt): 'granted' | 'refused' | undefined {
    if (this.#granted.has(key)) return 'granted';
    return this.#refused.has(key) ? 'refused' : undefined;
  }

  async #decide(attempt: Attempt, client: Client): Promise<Verdict> {
    const known = this.#known(attempt);
    if (known !== undefined) return known;
    const isGranted = (await this.#checker.check(attempt.password, attempt.hashes)) && attempt.isKnown;
    const cache = isGranted ? this.#granted : this.#refused;
    if (cache.size >= MAX_CACHED) for (const old of [...cache].slice(0, 10)) cache.delete(old);
    cache.add(attempt.key);
    this.#checker.queue.record(client, isGranted);
    return isGranted ? 'granted' : 'refused';
  }

  /** Prefixes each part with its length, so that different parts never produce the same bytes. */
  #digest(user: string, hash: Hash | undefined, password: Buffer): string {
    const hmac = createHmac('sha256', this.#key);
    for (const part of [Buffer.from(user), Buffer.from(hash === undefined ? '' : formatHash(hash)), password]) {
      const length = Buffer.alloc(8);
      length.writeDoubleBE(part.length);
      hmac.update(length).update(part);
    }
    return hmac.digest('base64');
  }
}

/** Decoded credentials. */
export interface Credentials {
  readonly user: string;
  readonly password: Buffer;
}

/**
 * Parses `Basic` credentials (RFC 7617); undefined if they are invalid. Strict, unlike the base64 decoder of Node.js.
 */
export function parseCredentials(header: string): Credentials | undefined {
  const [, base64 = ''] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  if (base64 === '' || bytes.toString('base64') !== base64) return undefined;
  const colon = bytes.indexOf(':');
  return colon === -1 ? undefined : { user: bytes.toString('utf8', 0, colon), password: bytes.subarray(colon + 1) };
}
