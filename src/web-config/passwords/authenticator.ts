import { createHmac, randomBytes } from 'node:crypto';
import type { Client } from './fair-queue.ts';
import type { PasswordChecker } from './password-checker.ts';
import { decoysFor, formatHash, type Hash, kindOf } from './password-hash.ts';

/** What becomes of a request: `busy` where too many passwords wait to be checked. */
export type Verdict = 'granted' | 'refused' | 'busy';

/** Credentials that may be right, and what tells whether they are. */
interface Attempt {
  /** The same for the same user, hash and password only. */
  readonly key: string;
  readonly password: Buffer;
  readonly hashes: readonly Hash[];
  readonly isKnown: boolean;
}

const MOST_KEPT = 100;

/** Checks users and passwords, one at a time, and keeps what it found, as a keyed digest, until the users change. */
export class Authenticator {
  readonly #users: ReadonlyMap<string, Hash>;
  readonly #checker: PasswordChecker;
  /**
   * One of each kind that there is. A password that is wrong is tried on one hash of each kind, whosever it is said to be:
   * it takes as long to say so of users that there are not as of any that there is.
   */
  readonly #decoys: readonly Hash[];
  readonly #key = randomBytes(32);
  readonly #granted = new Set<string>();
  /** Apart from those that are granted: a flood of guesses must not drive them out. */
  readonly #refused = new Set<string>();

  constructor(users: ReadonlyMap<string, Hash>, checker: PasswordChecker) {
    this.#users = users;
    this.#checker = checker;
    this.#decoys = decoysFor(users.values());
  }

  /** Judges the values of a client's Authorization headers: at once where the verdict is known, otherwise in its turn. */
  async judge(headers: readonly string[], client: Client = stranger()): Promise<Verdict> {
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
    const others = this.#decoys.filter((decoy) => known === undefined || kindOf(decoy) !== kindOf(known));
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
    keep(isGranted ? this.#granted : this.#refused, attempt.key);
    this.#checker.queue.record(client, isGranted);
    return isGranted ? 'granted' : 'refused';
  }

  /** Each part with its length before it: no two triples give the same bytes. */
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

export interface Credentials {
  readonly user: string;
  readonly password: Buffer;
}

/** Reads `Basic` credentials (RFC 7617); undefined where they are none. Node's own decoder takes almost anything. */
export function parseCredentials(header: string): Credentials | undefined {
  const [, base64 = ''] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  if (base64 === '' || bytes.toString('base64') !== base64) return undefined;
  const colon = bytes.indexOf(':');
  return colon === -1 ? undefined : { user: bytes.toString('utf8', 0, colon), password: bytes.subarray(colon + 1) };
}

function keep(kept: Set<string>, key: string): void {
  if (kept.size >= MOST_KEPT) for (const old of [...kept].slice(0, 10)) kept.delete(old);
  kept.add(key);
}

/** A client of which nothing is known. */
function stranger(): Client {
  return { groups: [], connection: { destroyed: false } };
}
