import { createHmac, randomBytes } from 'node:crypto';
import type { PasswordChecker } from './password-digest.ts';
import { decoyFor, formatHash, type Hash } from './password-hash.ts';

/** What becomes of a request: `busy` where too many passwords wait to be checked. */
export type Verdict = 'granted' | 'refused' | 'busy';

const MOST_KEPT = 100;

/** Checks users and passwords, and keeps what it found, as a keyed digest, until the users change. */
export class Authenticator {
  readonly #users: ReadonlyMap<string, Hash>;
  readonly #checker: PasswordChecker;
  /** For users that there are not: it takes as long to say so as for those that there are. */
  readonly #decoy: Hash;
  readonly #key = randomBytes(32);
  readonly #granted = new Set<string>();
  /** Apart from those that are granted: a flood of guesses must not drive them out. */
  readonly #refused = new Set<string>();
  readonly #underWay = new Map<string, Promise<boolean>>();

  constructor(users: ReadonlyMap<string, Hash>, checker: PasswordChecker) {
    this.#users = users;
    this.#checker = checker;
    this.#decoy = decoyFor(users.values());
  }

  /** Judges the values of the Authorization headers. */
  async judge(headers: readonly string[]): Promise<Verdict> {
    const [header, ...others] = headers;
    const credentials = header === undefined || others.length > 0 ? undefined : parseCredentials(header);
    if (credentials === undefined) return 'refused';
    const { user, password } = credentials;
    const known = this.#users.get(user);
    const hash = known ?? this.#decoy;
    const key = this.#digest(user, hash, password);
    if (this.#granted.has(key)) return 'granted';
    if (this.#refused.has(key)) return 'refused';
    const check = this.#underWay.get(key) ?? this.#check(key, password, hash, known !== undefined);
    if (check === undefined) return 'busy';
    return (await check) ? 'granted' : 'refused';
  }

  #check(key: string, password: Buffer, hash: Hash, isKnown: boolean): Promise<boolean> | undefined {
    const check = this.#checker.check(password, hash);
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
  #digest(user: string, hash: Hash, password: Buffer): string {
    const hmac = createHmac('sha256', this.#key);
    for (const part of [Buffer.from(user), Buffer.from(formatHash(hash)), password]) {
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
