import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BodyChunk, BufferLimit, SharedBody } from '../../../src/http/scrape/shared-body.ts';
import { Gate } from '../gated-collector.ts';

/** A body of this many chunks of 100 bytes, with the chunks that were encoded and released. */
function body(count: number, failsAt = Number.POSITIVE_INFINITY) {
  const encoded: number[] = [];
  const released: number[] = [];
  const stopped = new Gate<boolean>();
  async function* chunks(): AsyncGenerator<BodyChunk, void, void> {
    try {
      for (let index = 0; index < count; index++) {
        if (index === failsAt) throw new Error('broken');
        encoded.push(index);
        const release = () => void released.push(index);
        yield { bytes: Buffer.alloc(100, index), coding: undefined, isLast: index === count - 1, release };
      }
    } finally {
      stopped.open(encoded.length < count);
    }
  }
  return { source: chunks(), encoded, released, stopped: stopped.promise };
}

const notDropped = () => assert.fail('The reader was dropped.');

test('a chunk is released when all readers have read on', async () => {
  const { source, released } = body(3);
  const [quick, slow] = new SharedBody(source, new BufferLimit(1000)).readers([notDropped, notDropped]);
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

test('chunks are encoded once, and all readers get them in order', async () => {
  const { source, encoded } = body(4);
  const readers = new SharedBody(source, new BufferLimit(1000)).readers([notDropped, notDropped, notDropped]);
  const read = await Promise.all(
    readers.map(async (reader) => {
      const bytes: (number | undefined)[] = [];
      for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read())
        bytes.push(chunk.bytes[0]);
      return bytes;
    }),
  );
  assert.deepEqual(read, Array(3).fill([0, 1, 2, 3]));
  assert.deepEqual(encoded, [0, 1, 2, 3]);
});

test('a body that fails does so for all readers, including those that reach the failure later', async () => {
  const { source } = body(3, 1);
  const [quick, slow] = new SharedBody(source, new BufferLimit(1000)).readers([notDropped, notDropped]);
  assert.ok(quick && slow);
  await quick.read();
  await assert.rejects(quick.read(), /broken/);
  await slow.read();
  await assert.rejects(slow.read(), /broken/);
});

test('encoding stops when all readers have left', async () => {
  const { source, stopped, released, encoded } = body(3);
  const [one, other] = new SharedBody(source, new BufferLimit(1000)).readers([notDropped, notDropped]);
  await Promise.all([one?.read(), other?.read()]);
  one?.leave();
  other?.leave();
  other?.leave();
  assert.equal(await stopped, true);
  assert.deepEqual(released, encoded);
});

test('a reader for which too much would have to be buffered is dropped, and the others are not', async () => {
  const { source } = body(20);
  let drops = 0;
  const [quick, slow] = new SharedBody(source, new BufferLimit(500)).readers([notDropped, () => drops++]);
  assert.ok(quick && slow);
  await slow.read();
  for (let index = 0; index < 6; index++) await quick.read();
  assert.equal(drops, 0);
  await quick.read();
  assert.equal(drops, 1);
  assert.equal(await slow.read(), undefined);
  for (let index = 7; index < 20; index++) assert.equal((await quick.read())?.bytes[0], index);
});

test('the body with the most buffered bytes drops its slowest reader', async () => {
  const limit = new BufferLimit(500);
  const dropped: string[] = [];
  const [first] = new SharedBody(body(20).source, limit).readers([notDropped, () => dropped.push('first')]);
  const [second] = new SharedBody(body(20).source, limit).readers([notDropped, () => dropped.push('second')]);
  for (let index = 0; index < 3; index++) await first?.read();
  for (let index = 0; index < 6; index++) await second?.read();
  assert.deepEqual(dropped, ['second']);
});
