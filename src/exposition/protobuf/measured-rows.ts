/**
 * Lengths of the rows of a family, which were measured before they are written: the length of a message precedes it, and
 * a family of a million series should not be in memory until its end.
 */
export class MeasuredRows {
  readonly #firsts: number[] = [];
  readonly #lengths: number[] = [];
  #at = 0;
  /** Length of all rows. */
  total = 0;

  /** Adds the rows from `first` on, up to those of the next call. */
  add(first: number, length: number): void {
    this.#firsts.push(first);
    this.#lengths.push(length);
    this.total += length;
  }

  /** Returns the length of the rows that were added with `first`. Must be called in the order of `add()`. */
  lengthAt(first: number): number {
    while (this.#at < this.#firsts.length && this.#firsts[this.#at]! < first) this.#at++;
    return this.#firsts[this.#at] === first ? this.#lengths[this.#at]! : 0;
  }
}
