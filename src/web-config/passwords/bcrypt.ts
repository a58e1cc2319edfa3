import { EventLoopBudget } from '../../model/event-loop-budget.ts';

const P_WORDS = 18;
const S_WORDS = 1024;

/**
 * bcrypt (Provos and Mazières, 1999), which `node:crypto` lacks. It runs on the event loop, within its budget: a worker
 * thread would need a file or the source of a function, and bundlers change both. Like other implementations it uses 72
 * bytes of the password, including the terminating zero byte, and accepts zero bytes within it.
 */
export class Bcrypt {
  #initial: Int32Array | undefined;

  /** Computes the digest of a password: 23 bytes. Rejects once the signal is aborted. */
  async digest(password: Uint8Array, salt: Uint8Array, cost: number, signal: AbortSignal): Promise<Uint8Array> {
    const budget = new EventLoopBudget();
    this.#initial ??= await wordsOfPi(P_WORDS + S_WORDS, budget);
    const p = this.#initial.slice(0, P_WORDS);
    const s = this.#initial.slice(P_WORDS);
    const key = words(Uint8Array.of(...password.subarray(0, 72), 0), P_WORDS);
    const saltWords = words(salt, P_WORDS);
    const noSalt = new Int32Array(4);
    expand(p, s, key, saltWords);
    for (let round = 2 ** cost; round > 0; round--) {
      expand(p, s, key, noSalt);
      expand(p, s, saltWords, noSalt);
      if (!budget.isOver) continue;
      await budget.wait();
      signal.throwIfAborted();
    }
    const text = words(new TextEncoder().encode('OrpheanBeholderScryDoubt'), 6);
    for (let at = 0; at < 6; at += 2) for (let round = 0; round < 64; round++) encrypt(p, s, text, at);
    const digest = new Uint8Array(24);
    for (let index = 0; index < 6; index++) new DataView(digest.buffer).setInt32(index * 4, text[index]!);
    return digest.subarray(0, 23);
  }
}

/** Computes the first words of the fractional part of pi, the initial state of Blowfish, by Machin's formula. */
async function wordsOfPi(count: number, budget: EventLoopBudget): Promise<Int32Array> {
  const one = 1n << BigInt(count * 32 + 64);
  const pi = 16n * (await arctanOfInverse(5n, one, budget)) - 4n * (await arctanOfInverse(239n, one, budget));
  const hex = ((pi - 3n * one) >> 64n).toString(16).padStart(count * 8, '0');
  return Int32Array.from({ length: count }, (_, index) => Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16));
}

async function arctanOfInverse(x: bigint, one: bigint, budget: EventLoopBudget): Promise<bigint> {
  let term = one / x;
  let sum = term;
  for (let n = 3n; term !== 0n; n += 2n) {
    term /= -x * x;
    sum += term / n;
    if (budget.isOver) await budget.wait();
  }
  return sum;
}

/** Returns `count` words of 32 bits from bytes that are repeated as often as necessary. */
function words(bytes: Uint8Array, count: number): Int32Array {
  let at = 0;
  return Int32Array.from({ length: count }, () => {
    let word = 0;
    for (let byte = 0; byte < 4; byte++) word = (word << 8) | (bytes[at++ % bytes.length] ?? 0);
    return word;
  });
}

/** Mixes the key and the four words of the salt into the state. */
function expand(p: Int32Array, s: Int32Array, key: Int32Array, salt: Int32Array): void {
  for (let index = 0; index < P_WORDS; index++) p[index]! ^= key[index]!;
  const block = new Int32Array(2);
  let used = 0;
  for (const part of [p, s]) {
    for (let index = 0; index < part.length; index += 2) {
      block[0]! ^= salt[used]!;
      block[1]! ^= salt[used + 1]!;
      used = (used + 2) & 3;
      encrypt(p, s, block, 0);
      part[index] = block[0]!;
      part[index + 1] = block[1]!;
    }
  }
}

/** Encrypts the two words at `at` in place; the inner loop. */
function encrypt(p: Int32Array, s: Int32Array, block: Int32Array, at: number): void {
  let left = block[at]! ^ p[0]!;
  let right = block[at + 1]!;
  for (let round = 1; round <= 16; round += 2) {
    right ^=
      (((s[left >>> 24]! + s[256 + ((left >>> 16) & 255)]!) ^ s[512 + ((left >>> 8) & 255)]!) +
        s[768 + (left & 255)]!) ^
      p[round]!;
    left ^=
      (((s[right >>> 24]! + s[256 + ((right >>> 16) & 255)]!) ^ s[512 + ((right >>> 8) & 255)]!) +
        s[768 + (right & 255)]!) ^
      p[round + 1]!;
  }
  block[at] = right ^ p[17]!;
  block[at + 1] = left;
}
