import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { drawOffset } from '../../src/scheduler/jitter.ts';

const random = () => 0.25;

test('without jitter the offset is 0 and no random number is drawn', () => {
  assert.equal(drawOffset(0, 'count', { random: () => assert.fail('drawn') }), 0);
});

test('the offset is a random fraction of the jitter', () => {
  assert.equal(drawOffset(1, 'count', { random }), 0.25);
  assert.equal(drawOffset(0.5, 'count', { random }), 0.125);
});

test('hash depends only on the name and the instance', () => {
  const offset = drawOffset('hash', 'count', { random, instance: 'a' });
  assert.equal(drawOffset('hash', 'count', { random: () => 0.9, instance: 'a' }), offset);
  assert.notEqual(drawOffset('hash', 'count', { random, instance: 'b' }), offset);
  assert.notEqual(drawOffset('hash', 'counts', { random, instance: 'a' }), offset);
});

test('the instance is the host name by default', () => {
  const offset = drawOffset('hash', 'count', { random });
  assert.equal(offset, drawOffset('hash', 'count', { random, instance: hostname() }));
});

test('hashes of similar names spread over the whole interval', () => {
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 1000; i++) {
    const tenth = Math.floor(drawOffset('hash', `task-${i}`, { random, instance: 'host' }) * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  assert.ok(Math.min(...tenths) > 60 && Math.max(...tenths) < 150, `uneven: ${tenths}`);
});
