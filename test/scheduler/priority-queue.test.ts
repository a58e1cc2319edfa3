import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Heap, type HeapItem } from '../../src/scheduler/priority-queue.ts';

class Numbered implements HeapItem {
  index = -1;
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  isBefore(other: Numbered): boolean {
    return this.value < other.value;
  }
}

function drain(heap: Heap<Numbered>): number[] {
  const values: number[] = [];
  for (let item = heap.first; item; item = heap.first) {
    heap.remove(item);
    values.push(item.value);
  }
  return values;
}

test('an empty heap has no first item', () => assert.equal(new Heap<Numbered>().first, undefined));

test('items come out in order, whatever order they came in and whichever were taken out between', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.array(fc.nat()), (values, removals) => {
      const heap = new Heap<Numbered>();
      const items = values.map((value) => new Numbered(value));
      for (const item of items) heap.push(item);
      for (const index of removals) {
        const [removed] = items.splice(index % (items.length || 1), 1);
        if (removed) heap.remove(removed);
      }
      assert.equal(heap.size, items.length);
      assert.deepEqual(
        drain(heap),
        items.map(({ value }) => value).sort((a, b) => a - b),
      );
    }),
  );
});

test('removing an item that is not in the heap does nothing', () => {
  const heap = new Heap<Numbered>();
  const item = new Numbered(1);
  heap.push(item);
  heap.remove(new Numbered(1));
  assert.equal(heap.first, item);
  heap.remove(item);
  heap.remove(item);
  assert.equal(heap.size, 0);
});
