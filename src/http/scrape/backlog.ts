/** Something that keeps bytes for who is slower than others. */
export interface Keeping {
  /** Cuts off who is furthest behind, so that less has to be kept. */
  cutSlowest(): void;
}

/**
 * What is kept for slow readers, together: where it becomes too much, the slowest of those for whom the most is kept are
 * cut off. Without others that are faster nothing is kept, and nobody is cut off.
 */
export class Backlog {
  readonly #mostBytes: number;
  readonly #kept = new Map<Keeping, number>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** How much is kept there now. */
  set(keeping: Keeping, bytes: number): void {
    this.#bytes += bytes - (this.#kept.get(keeping) ?? 0);
    if (bytes === 0) this.#kept.delete(keeping);
    else this.#kept.set(keeping, bytes);
    if (this.#bytes > this.#mostBytes) this.#worst()?.cutSlowest();
  }

  #worst(): Keeping | undefined {
    const [worst] = [...this.#kept].sort(([, some], [, more]) => more - some);
    return worst?.[0];
  }
}
