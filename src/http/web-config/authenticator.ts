import { createHmac, randomBytes } from 'node:crypto';
import type { PasswordChecker } from './password-digest.ts';
import { decoysFor, formatHash, type Hash, kindOf } from './password-hash.ts';

/** What becomes of a request: `busy` where too many passwords wait to be checked. */
export type Verdict = 'granted' | 'refused' | 'busy';

const MOST_KEPT = 100;

/** Checks users and passwords, and keeps what it found, as a keyed digest, until the users change. */
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
  readonly #underWay = new Map<string, Promise<boolean>>();

  constructor(users: ReadonlyMap<string, Hash>, checker: PasswordChecker) {
    this.#users = users;
    this.#checker = checker;
    this.#decoys = decoysFor(users.values());
  }

  /** Judges the values of the Authorization headers. */
  async judge(headers: readonly string[]): Promise<Verdict> {
    const [header, ...others] = headers;
    const credentials = header === undefined || others.length > 0 ? undefined : parseCredentials(header);
    if (credentials === undefined) return 'refused';
    const { user, password } = credentials;
    const known = this.#users.get(user);
    const hashes = this.#hashesFor(known);
    const key = this.#digest(user, known, password);
    if (this.#granted.has(key)) return 'granted';
    if (this.#refused.has(key)) return 'refused';
    const check = this.#underWay.get(key) ?? this.#check(key, password, hashes, known !== undefined);
    if (check === undefined) return 'busy';
    return (await check) ? 'granted' : 'refused';
  }

  #hashesFor(known: Hash | undefined): readonly Hash[] {
    if (known === undefined) return this.#decoys;
    return [known, ...this.#decoys.filter((decoy) => kindOf(decoy) !== kindOf(known))];
  }

  #check(key: string, password: Buffer, hashes: readonly Hash[], isKnown: boolean): Promise<boolean> | undefined {
    const check = this.#checker.check(password, hashes);
    if (check === undefined) return undefined;
    const judged = check
      .then((fits) => {
        const isGranted = fits && isKnown;
        keep(isGranted ? this.#granted : this.#refused, key);
        return isGranted;
      })
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, judged);
    return judged;
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
