import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backlog } from '../../../src/http/scrape/backlog.ts';
import { ChunkPool } from '../../../src/http/scrape/chunk-pool.ts';
import { RequestLimit } from '../../../src/http/scrape/request-limit.ts';
import { type Piece, SharedPieces } from '../../../src/http/scrape/shared-body.ts';
import { Gate } from '../gated-collector.ts';

/** A body of that many pieces of 100 bytes, and which of them were made and released. */
function body(count: number, failsAt = Number.POSITIVE_INFINITY) {
  const made: number[] = [];
  const released: number[] = [];
  const givenUp = new Gate<boolean>();
  async function* pieces(): AsyncGenerator<Piece, void, void> {
    try {
      for (let index = 0; index < count; index++) {
        if (index === failsAt) throw new Error('broken');
        made.push(index);
        const release = () => void released.push(index);
        yield { bytes: Buffer.alloc(100, index), isZipped: false, isLast: index === count - 1, release };
      }
    } finally {
      givenUp.open(made.length < count);
    }
  }
  return { source: pieces(), made, released, givenUp: givenUp.promise };
}

const uncut = () => assert.fail('It was cut.');

test('a piece is released when all have read on', async () => {
  const { source, released } = body(3);
  const [quick, slow] = new SharedPieces(source, new Backlog(1000)).readers([uncut, uncut]);
  assert.ok(quick && slow);
  await quick.read();
  await quick.read();
  assert.deepEqual(released, []);
  await slow.read();
  await slow.read();
  assert.deepEqual(released, [0]);
  slow.leave();
  await quick.read();
  assert.deepEqual(released, [0, 1]);
});

test('the pieces are made once, and come to all in their order', async () => {
  const { source, made } = body(4);
  const readers = new SharedPieces(source, new Backlog(1000)).readers([uncut, uncut, uncut]);
  const read = await Promise.all(
    readers.map(async (reader) => {
      const bytes: (number | undefined)[] = [];
      for (let piece = await reader.read(); piece !== undefined; piece = await reader.read())
        bytes.push(piece.bytes[0]);
      return bytes;
    }),
  );
  assert.deepEqual(read, Array(3).fill([0, 1, 2, 3]));
  assert.deepEqual(made, [0, 1, 2, 3]);
});

test('a body that fails fails for everybody, also for those who come to it later', async () => {
  const { source } = body(3, 1);
  const [quick, slow] = new SharedPieces(source, new Backlog(1000)).readers([uncut, uncut]);
  assert.ok(quick && slow);
  await quick.read();
  await assert.rejects(quick.read(), /broken/);
  await slow.read();
  await assert.rejects(slow.read(), /broken/);
});

test('a body that all have left is given up', async () => {
  const { source, givenUp, released, made } = body(3);
  const [one, other] = new SharedPieces(source, new Backlog(1000)).readers([uncut, uncut]);
  await Promise.all([one?.read(), other?.read()]);
  one?.leave();
  other?.leave();
  other?.leave();
  assert.equal(await givenUp, true);
  assert.deepEqual(released, made);
});

test('who is so far behind that too much would have to be kept is cut off, and the others are not', async () => {
  const { source } = body(20);
  let cuts = 0;
  const [quick, slow] = new SharedPieces(source, new Backlog(500)).readers([uncut, () => cuts++]);
  assert.ok(quick && slow);
  await slow.read();
  for (let index = 0; index < 6; index++) await quick.read();
  assert.equal(cuts, 0);
  await quick.read();
  assert.equal(cuts, 1);
  assert.equal(await slow.read(), undefined);
  for (let index = 7; index < 20; index++) assert.equal((await quick.read())?.bytes[0], index);
});

test('of several bodies the one is cut for which most is kept', async () => {
  const backlog = new Backlog(500);
  const cut: string[] = [];
  const [first] = new SharedPieces(body(20).source, backlog).readers([uncut, () => cut.push('first')]);
  const [second] = new SharedPieces(body(20).source, backlog).readers([uncut, () => cut.push('second')]);
  for (let index = 0; index < 3; index++) await first?.read();
  for (let index = 0; index < 6; index++) await second?.read();
  assert.deepEqual(cut, ['second']);
});

test('a buffer that was released is used again, and few are kept when nobody is left', () => {
  const chunks = new ChunkPool();
  chunks.enter();
  const buffers = Array.from({ length: 10 }, () => chunks.allocate(1000));
  for (const buffer of buffers) chunks.release(buffer.subarray(0, 10));
  const again = Array.from({ length: 10 }, () => chunks.allocate(1000));
  assert.deepEqual(new Set(again.map(({ buffer }) => buffer)), new Set(buffers.map(({ buffer }) => buffer)));
  for (const buffer of again) chunks.release(buffer);
  chunks.leave();
  const old = new Set(buffers.map(({ buffer }) => buffer));
  assert.equal(
    Array.from({ length: 10 }, () => chunks.allocate(1000)).filter(({ buffer }) => old.has(buffer)).length,
    2,
  );
});

test('what is too large for a chunk gets a buffer of its own, which is not kept', () => {
  const chunks = new ChunkPool();
  const large = chunks.allocate(1_000_000);
  assert.ok(large.length >= 1_000_000);
  chunks.release(large);
  assert.notEqual(chunks.allocate(1_000_000).buffer, large.buffer);
});

test('who finds no place takes that of the reader that has stalled for longest, if it is long enough', () => {
  const limit = new RequestLimit(3);
  const cut: string[] = [];
  const places = ['a', 'b', 'c'].map((name) => limit.enter(() => cut.push(name)));
  const [a, b] = places;
  assert.ok(a && b);
  a.waitingSince = performance.now() - 900;
  assert.equal(limit.enter(uncut), undefined);
  a.waitingSince = performance.now() - 1100;
  b.waitingSince = performance.now() - 1200;
  assert.ok(limit.enter(uncut));
  assert.deepEqual(cut, ['b']);
});
