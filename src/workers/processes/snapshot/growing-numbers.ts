import { isSameMemory } from './family-columns.ts';

/** A typed array that grows. It allocates nothing as long as it has the same numbers as an earlier one. */
export class GrowingNumbers<A extends Float64Array | Int32Array> {
  length = 0;
  readonly #make: (length: number) => A;
  #array: A;
  #isEarlier: boolean;

  constructor(make: (length: number) => A, earlier: A | undefined) {
    this.#make = make;
    this.#isEarlier = earlier !== undefined;
    this.#array = earlier ?? make(16);
  }

  push(number: number): void {
    if (this.#isEarlier) {
      if (Object.is(number, this.#array[this.length])) {
        this.length++;
        return;
      }
      this.#copy(this.#array.length);
    }
    if (this.length === this.#array.length) this.#copy(2 * this.#array.length + 16);
    this.#array[this.length++] = number;
  }

  pushAll(numbers: A): void {
    const end = this.length + numbers.length;
    if (this.#isEarlier) {
      if (isSameMemory(numbers, this.#array.subarray(this.length, end))) {
        this.length = end;
        return;
      }
      this.#copy(this.#array.length);
    }
    if (end > this.#array.length) this.#copy(Math.max(end, 2 * this.#array.length));
    this.#array.set(numbers, this.length);
    this.length = end;
  }

  /** Returns an array of exactly this length. */
  array(): A {
    if (this.length < this.#array.length) this.#copy(this.length);
    return this.#array;
  }

  #copy(length: number): void {
    const copy = this.#make(length);
    copy.set(this.#array.subarray(0, this.length));
    this.#array = copy;
    this.#isEarlier = false;
  }
}
