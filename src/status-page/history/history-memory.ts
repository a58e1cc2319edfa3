import type { TimeRing } from './time-ring.ts';

/** Memory of all lines, with a limit. */
export class HistoryMemory {
  bytes = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Creates lines without values; undefined if there is not enough memory for all of them. */
  newLines({ capacity }: TimeRing, count: number): Float32Array[] | undefined {
    const bytes = capacity * Float32Array.BYTES_PER_ELEMENT * count;
    if (this.bytes + bytes > this.#most) return undefined;
    this.bytes += bytes;
    return Array.from({ length: count }, () => new Float32Array(capacity).fill(Number.NaN));
  }

  release(lines: readonly (Float32Array | undefined)[]): void {
    for (const line of lines) this.bytes -= line?.byteLength ?? 0;
  }
}
