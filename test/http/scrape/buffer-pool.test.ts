import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BufferPool } from '../../../src/http/scrape/buffer-pool.ts';

test('released buffers are reused, and only a few are kept when the pool has no users', () => {
  const pool = new BufferPool();
  pool.addUser();
  const buffers = Array.from({ length: 10 }, () => pool.allocate(1000));
  for (const buffer of buffers) pool.release(buffer.subarray(0, 10));
  const again = Array.from({ length: 10 }, () => pool.allocate(1000));
  assert.deepEqual(new Set(again.map(({ buffer }) => buffer)), new Set(buffers.map(({ buffer }) => buffer)));
  for (const buffer of again) pool.release(buffer);
  pool.removeUser();
  const old = new Set(buffers.map(({ buffer }) => buffer));
  assert.equal(Array.from({ length: 10 }, () => pool.allocate(1000)).filter(({ buffer }) => old.has(buffer)).length, 2);
});

test('a buffer larger than those of the pool is not kept', () => {
  const pool = new BufferPool();
  const large = pool.allocate(1_000_000);
  assert.ok(large.length >= 1_000_000);
  pool.release(large);
  assert.notEqual(pool.allocate(1_000_000).buffer, large.buffer);
});
