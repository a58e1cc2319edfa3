import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestLimit } from '../../../src/http/scrape/request-limit.ts';

const notDropped = () => assert.fail('The request was dropped.');

test('if all slots are taken, the reader that has been stalled for longest loses its slot, after a second', () => {
  const limit = new RequestLimit(3);
  const dropped: string[] = [];
  const slots = ['a', 'b', 'c'].map((name) => limit.acquire(() => dropped.push(name)));
  const [a, b] = slots;
  assert.ok(a && b);
  a.waitingSince = performance.now() - 900;
  assert.equal(limit.acquire(notDropped), undefined);
  a.waitingSince = performance.now() - 1100;
  b.waitingSince = performance.now() - 1200;
  assert.ok(limit.acquire(notDropped));
  assert.deepEqual(dropped, ['b']);
});
