import { randomBytes } from 'node:crypto';

/** A hashed password. */
export type Hash = BcryptHash | ScryptHash;

/** A bcrypt hash. */
export interface BcryptHash {
  readonly algorithm: 'bcrypt';
  readonly cost: number;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

/** An scrypt hash (RFC 7914). */
export interface ScryptHash {
  readonly algorithm: 'scrypt';
  /** Binary logarithm of the parameter N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

const MAX_SCRYPT_MEMORY = 2 ** 28;

/** Parses `$2b$10$...` (also 2a and 2y) or `$scrypt$ln=15,r=8,p=1$salt$digest`; undefined for anything else. */
export function parseHash(text: string): Hash | undefined {
  return parseBcrypt(text) ?? parseScrypt(text);
}

/** Formats a hash for a web configuration file. */
export function formatHash(hash: Hash): string {
  const { salt, digest } = hash;
  if (hash.algorithm === 'bcrypt') {
    return `$2b$${String(hash.cost).padStart(2, '0')}$${toBcryptBase64(salt)}${toBcryptBase64(digest)}`;
  }
  const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${hash.ln},r=${hash.r},p=${hash.p}$${plain(salt)}$${plain(digest)}`;
}

/** Creates hashes that no password matches: one per algorithm and cost of the given hashes, at least one. */
export function decoysFor(hashes: Iterable<Hash>): Hash[] {
  const kinds = new Map(Array.from(hashes, (hash) => [hashKind(hash), hash]));
  const decoys = [...kinds.values()].map((hash) => ({
    ...hash,
    salt: randomBytes(16),
    digest: randomBytes(hash.digest.length),
  }));
  return decoys.length > 0 ? decoys : [CHEAPEST];
}

/** Returns the algorithm and cost: hashes of the same kind take the same time to check. */
export function hashKind(hash: Hash): string {
  if (hash.algorithm === 'bcrypt') return `bcrypt ${hash.cost}`;
  return `scrypt ${hash.ln} ${hash.r} ${hash.p} ${hash.digest.length}`;
}

/** Estimates how long a check takes, in milliseconds. */
export function estimatedMs(hash: Hash): number {
  return hash.algorithm === 'bcrypt' ? 2 ** hash.cost * 0.07 : 2 ** hash.ln * hash.r * hash.p * 0.0004;
}

const CHEAPEST: Hash = { algorithm: 'bcrypt', cost: 4, salt: Buffer.alloc(16), digest: Buffer.alloc(23) };

function parseBcrypt(text: string): BcryptHash | undefined {
  const [, cost = '', salt = '', digest = ''] =
    /^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/.exec(text) ?? [];
  if (!(Number(cost) >= 4 && Number(cost) <= 31)) return undefined;
  return { algorithm: 'bcrypt', cost: Number(cost), salt: fromBcryptBase64(salt), digest: fromBcryptBase64(digest) };
}

function parseScrypt(text: string): ScryptHash | undefined {
  const [, ln, r, p, salt = '', digest = ''] =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{8,200})\$([A-Za-z0-9+/]{20,200})$/.exec(text) ??
    [];
  const hash: ScryptHash = {
    algorithm: 'scrypt',
    ln: Number(ln),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64'),
    digest: Buffer.from(digest, 'base64'),
  };
  const isSane = hash.ln >= 1 && hash.r >= 1 && hash.p >= 1 && hash.p <= 16;
  return isSane && 128 * 2 ** hash.ln * hash.r <= MAX_SCRYPT_MEMORY ? hash : undefined;
}

const BCRYPT_BASE64 = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Decodes the base64 of bcrypt, whose alphabet has another order. */
function fromBcryptBase64(text: string): Buffer {
  return Buffer.from([...text].map((character) => BASE64[BCRYPT_BASE64.indexOf(character)]).join(''), 'base64');
}

/** Encodes in the base64 of bcrypt. */
function toBcryptBase64(bytes: Buffer): string {
  const text = bytes.toString('base64').replace(/=+$/, '');
  return [...text].map((character) => BCRYPT_BASE64[BASE64.indexOf(character)]).join('');
}
