/** An item of a priority queue. Only the queue writes `index`; an item can be in one queue at most. */
export interface QueueItem {
  /** Position in the heap; -1 if the item is not in a queue. */
  index: number;
  isBefore(other: this): boolean;
}

/** A binary heap whose items know their position, so that any of them can be removed in logarithmic time. */
export class PriorityQueue<T extends QueueItem> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The item that comes before all others. */
  get first(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  /** Removes the item from any position; does nothing if it is not in the queue. */
  remove(item: T): void {
    const hole = item.index;
    if (hole < 0) return;
    item.index = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#rise(last, hole);
    this.#sink(last, last.index);
  }

  #rise(item: T, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#items[parentIndex]!; // A parent comes before `from`, which is in the array.
      if (!item.isBefore(parent)) break;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(item, index);
  }

  #sink(item: T, from: number): void {
    let index = from;
    for (let child = this.#smallerChild(index); child?.isBefore(item); child = this.#smallerChild(index)) {
      const childIndex = child.index;
      this.#place(child, index);
      index = childIndex;
    }
    this.#place(item, index);
  }

  #smallerChild(index: number): T | undefined {
    const left = this.#items[2 * index + 1];
    const right = this.#items[2 * index + 2];
    return left && right?.isBefore(left) ? right : left;
  }

  #place(item: T, index: number): void {
    this.#items[index] = item;
    item.index = index;
  }
}
