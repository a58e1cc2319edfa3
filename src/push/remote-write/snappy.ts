/** Snappy compresses blocks of this size independently, so that offsets fit into 16 bits. */
const BLOCK_BYTES = 64 * 1024;
/** Matches are not searched for in the last bytes of a block: the search reads ahead. */
const MARGIN_BYTES = 15;
const TABLE_BITS = 14;
/** Longer literals are faster copied by the engine than byte by byte. */
const STEPS_UP_TO = 64;
const COPY_OFFSET_11_BITS = 1;
const COPY_OFFSET_16_BITS = 2;

/** Position in the block of the last four bytes with each hash; shared by all blocks, which are compressed synchronously. */
let positions: Uint16Array | undefined;

/**
 * Steps that return bytes in the snappy block format, which remote write requires, one for each block. They find matches as
 * the encoder of Go does (golang/snappy: encodeBlock).
 */
export function* snappySteps(input: Uint8Array): Generator<void, Buffer, void> {
  const block = new SnappyBlock(input);
  for (let start = 0; start < input.length; start += BLOCK_BYTES) {
    if (start > 0) yield;
    block.compress(start, Math.min(start + BLOCK_BYTES, input.length));
  }
  return block.written;
}

class SnappyBlock {
  readonly #input: Uint8Array;
  readonly #view: DataView;
  readonly #output: Buffer;
  #end = 0;

  constructor(input: Uint8Array) {
    this.#input = input;
    this.#view = new DataView(input.buffer, input.byteOffset, input.length);
    // Literals add at most a sixth to the input (golang/snappy: MaxEncodedLen).
    this.#output = Buffer.allocUnsafe(32 + input.length + Math.ceil(input.length / 6));
    this.#varint(input.length);
  }

  get written(): Buffer {
    return this.#output.subarray(0, this.#end);
  }

  /** Compresses the bytes [start, end), at most a block. */
  compress(start: number, end: number): void {
    let literal = start;
    const limit = end - MARGIN_BYTES;
    if (limit > start) literal = this.#compressMatches(start, end, limit);
    if (literal < end) this.#literal(literal, end);
  }

  /** Writes all up to the last match, and returns the position after it. */
  #compressMatches(start: number, end: number, limit: number): number {
    const view = this.#view;
    positions ??= new Uint16Array(1 << TABLE_BITS);
    const table = positions.fill(0);
    let written = start;
    let at = start + 1;
    // The step grows as long as nothing matches, so that incompressible bytes take little time.
    for (let step = 32; at + (step >> 5) <= limit; ) {
      const word = view.getInt32(at, true);
      const hash = hashOf(word);
      const candidate = start + table[hash]!;
      table[hash] = at - start;
      if (view.getInt32(candidate, true) !== word) {
        at += step >> 5;
        step += step >> 5;
        continue;
      }
      if (written < at) this.#literal(written, at);
      written = this.#copyFrom(candidate, at, end);
      if (written >= limit) return written;
      table[hashOf(view.getInt32(written - 1, true))] = written - 1 - start;
      at = written;
      step = 32;
    }
    return written;
  }

  /** Writes a copy of the longest match of `at` with `candidate`, and returns the position after it. */
  #copyFrom(candidate: number, at: number, end: number): number {
    const input = this.#input;
    let from = candidate + 4;
    let to = at + 4;
    while (to < end && input[from] === input[to]) {
      from++;
      to++;
    }
    this.#copy(at - candidate, to - at);
    return to;
  }

  #copy(offset: number, matched: number): void {
    let length = matched;
    // A copy has at most 64 bytes, and the short form at least 4: the rest must not be shorter.
    for (; length >= 68; length -= 64) this.#longCopy(offset, 64);
    if (length > 64) {
      this.#longCopy(offset, 60);
      length -= 60;
    }
    if (length >= 12 || offset >= 2048) this.#longCopy(offset, length);
    else {
      this.#byte(((offset >> 8) << 5) | ((length - 4) << 2) | COPY_OFFSET_11_BITS);
      this.#byte(offset & 0xff);
    }
  }

  #longCopy(offset: number, length: number): void {
    this.#byte(((length - 1) << 2) | COPY_OFFSET_16_BITS);
    this.#byte(offset & 0xff);
    this.#byte(offset >> 8);
  }

  #literal(start: number, end: number): void {
    const last = end - start - 1;
    if (last < 60) this.#byte(last << 2);
    else if (last < 256) {
      this.#byte(60 << 2);
      this.#byte(last);
    } else {
      this.#byte(61 << 2);
      this.#byte(last & 0xff);
      this.#byte(last >> 8);
    }
    this.#copyInput(start, end);
  }

  #copyInput(start: number, end: number): void {
    const input = this.#input;
    const output = this.#output;
    if (end - start > STEPS_UP_TO) output.set(input.subarray(start, end), this.#end);
    else for (let from = start, to = this.#end; from < end; from++, to++) output[to] = input[from]!;
    this.#end += end - start;
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#byte((rest % 0x80) | 0x80);
    this.#byte(rest);
  }

  #byte(value: number): void {
    this.#output[this.#end++] = value;
  }
}

function hashOf(word: number): number {
  return Math.imul(word, 0x1e35a7bd) >>> (32 - TABLE_BITS);
}
