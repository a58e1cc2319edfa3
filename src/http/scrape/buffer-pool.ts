/** Holds a chunk of a body, which is taken at half of this size, and what one step of encoding may add to it. */
const BUFFER_BYTES = 128 * 1024;
const MAX_FREE_BUFFERS = 64;
const MAX_FREE_WHEN_IDLE = 2;

/**
 * Buffers of chunks, reused once they have been sent: the allocator returns little of megabytes of garbage per scrape
 * to the system, so that the process would stay as large as in its busiest moment.
 */
export class BufferPool {
  readonly #free: Buffer<ArrayBuffer>[] = [];
  #users = 0;

  /** Returns a buffer of at least this size. */
  readonly allocate = (minBytes: number): Buffer<ArrayBuffer> => {
    if (minBytes > BUFFER_BYTES) return Buffer.allocUnsafeSlow(minBytes);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  };

  /** Takes back the buffer of these bytes, which must not be read any more. */
  release({ buffer }: Buffer): void {
    const isPooled = buffer instanceof ArrayBuffer && buffer.byteLength === BUFFER_BYTES;
    if (isPooled && this.#free.length < MAX_FREE_BUFFERS) this.#free.push(Buffer.from(buffer));
  }

  addUser(): void {
    this.#users++;
  }

  /** Without users, only a few buffers are kept. */
  removeUser(): void {
    this.#users--;
    if (this.#users === 0) this.#free.length = Math.min(this.#free.length, MAX_FREE_WHEN_IDLE);
  }
}
