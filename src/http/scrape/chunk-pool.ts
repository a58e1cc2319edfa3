/** What a piece of a body is written to: a piece is taken at half of it, and what one step adds has to fit too. */
const CHUNK_BYTES = 128 * 1024;
const MOST_FREE = 64;
const FREE_WHEN_IDLE = 2;

/**
 * Buffers that bodies are written to, used again once they were sent: megabytes of garbage for each scrape would leave
 * the process as large as its busiest moment.
 */
export class ChunkPool {
  readonly #free: Buffer<ArrayBuffer>[] = [];
  #users = 0;

  /** A buffer of that size at least. */
  readonly allocate = (atLeast: number): Buffer<ArrayBuffer> => {
    if (atLeast > CHUNK_BYTES) return Buffer.allocUnsafeSlow(atLeast);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
  };

  /** Takes back the buffer that these bytes are of. Nobody may read them any more. */
  release({ buffer }: Buffer): void {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== CHUNK_BYTES || this.#free.length >= MOST_FREE) return;
    this.#free.push(Buffer.from(buffer));
  }

  enter(): void {
    this.#users++;
  }

  /** When nobody is left, few buffers are kept. */
  leave(): void {
    this.#users--;
    if (this.#users === 0) this.#free.length = Math.min(this.#free.length, FREE_WHEN_IDLE);
  }
}
