import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PriorityQueue, type QueueItem } from '../../src/scheduler/priority-queue.ts';

class Numbered implements QueueItem {
  index = -1;
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  isBefore(other: Numbered): boolean {
    return this.value < other.value;
  }
}

function drain(queue: PriorityQueue<Numbered>): number[] {
  const values: number[] = [];
  for (let item = queue.first; item; item = queue.first) {
    queue.remove(item);
    values.push(item.value);
  }
  return values;
}

test('an empty queue has no first item', () => assert.equal(new PriorityQueue<Numbered>().first, undefined));

test('items come out in order, whatever was added and removed before', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.array(fc.nat()), (values, removals) => {
      const queue = new PriorityQueue<Numbered>();
      const items = values.map((value) => new Numbered(value));
      for (const item of items) queue.push(item);
      for (const index of removals) {
        const [removed] = items.splice(index % (items.length || 1), 1);
        if (removed) queue.remove(removed);
      }
      assert.equal(queue.size, items.length);
      assert.deepEqual(
        drain(queue),
        items.map(({ value }) => value).sort((a, b) => a - b),
      );
    }),
  );
});

test('removing an item that is not in the queue does nothing', () => {
  const queue = new PriorityQueue<Numbered>();
  const item = new Numbered(1);
  queue.push(item);
  queue.remove(new Numbered(1));
  assert.equal(queue.first, item);
  queue.remove(item);
  queue.remove(item);
  assert.equal(queue.size, 0);
});
