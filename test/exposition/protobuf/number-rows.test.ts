/** Counters and gauges are written by the row, and measured first if their bytes are taken in pieces. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../../src/exposition/bytes/byte-writer.ts';
import { encodeGathering, expositionEncoder } from '../../../src/exposition/encode.ts';
import { protobuf } from '../../../src/exposition/formats.ts';
import { Counter, Gauge, Registry } from '../../../src/index.ts';
import type { Point } from '../../../src/model/family.ts';
import { MappingEncoder } from '../../../src/model/mapping-encoder.ts';
import { parseProtobuf } from '../../../src/parse/index.ts';
import type { Gathering } from '../../../src/registry/gathering.ts';
import { takeAll } from '../drain.ts';

/** Rows from which a family is measured. */
const MANY = 1024;

/** Has no `numbers()`, so that it gets points. */
class PointByPoint extends MappingEncoder {
  protected override map(point: Point): Point {
    return point;
  }
}

function byPoints(gathering: Gathering): Buffer {
  const writer = new ByteWriter();
  const encoder = expositionEncoder(protobuf, writer);
  gathering.encode(new PointByPoint(encoder));
  encoder.end();
  return writer.take();
}

/** Calls `between` after the rows were measured, and returns all bytes and the size of the largest piece. */
function inPieces(gathering: Gathering, between: () => void = () => {}): { bytes: Buffer; largest: number } {
  const writer = new ByteWriter({ pieceBytes: 4096 });
  const encoder = expositionEncoder(protobuf, writer);
  const pieces: Buffer[] = [];
  let isWriting = false;
  for (const _step of gathering.steps(encoder, 32)) {
    if (!isWriting && writer.length > 0) {
      isWriting = true;
      between();
    }
    while (writer.length >= 4096) pieces.push(writer.take());
  }
  encoder.end();
  pieces.push(takeAll(writer));
  return { bytes: Buffer.concat(pieces), largest: Math.max(...pieces.map(({ length }) => length)) };
}

/** Values of all series by their labels. Throws if the bytes are invalid. */
function valuesIn(bytes: Buffer): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const { name, points } of parseProtobuf(bytes)) {
    for (const { labels, value } of points) values.set(`${name} ${Object.values(labels ?? {})}`, value);
  }
  return values;
}

function manyCounters(count: number): { counter: Counter<readonly ['index', 'parity']>; registry: Registry } {
  const registry = new Registry({ selfMetrics: false });
  const labelNames = ['index', 'parity'] as const;
  const counter = new Counter({ name: 'a_total', help: 'A.', labelNames, registry, maxSeries: count });
  for (let index = 0; index < count; index++) counter.inc({ index, parity: index % 2 }, index);
  return { counter, registry };
}

const lengths = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.constantFrom(60, 90, 100, 110, 115, 120, 126, 127, 128, 129, 16_380, 16_383, 16_384),
);
const labelText = fc
  .tuple(fc.constantFrom('a', 'é', '\u{1F600}', '\0', '"\n'), lengths)
  .map(([text, length]) => text.repeat(Math.ceil(length / text.length)).slice(0, length));

test('rows are written like points, whatever the lengths of their labels', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(
        fc.tuple(
          fc.array(labelText, { minLength: 5, maxLength: 5 }),
          fc.double({ min: 0, noDefaultInfinity: true, noNaN: true }),
        ),
        { maxLength: 20 },
      ),
      async (width, series) => {
        const registry = new Registry({ selfMetrics: false });
        const labelNames = ['a', 'b_2', 'l'.repeat(30), 'd', 'ü'].slice(0, width);
        const options = { help: '', labelNames, registry };
        const counter = new Counter({ name: 'a_total', ...options });
        const gauge = new Gauge({ name: 'b', ...options });
        for (const [texts, value] of series) {
          const labels = Object.fromEntries(labelNames.map((name, index) => [name, texts[index] ?? '']));
          counter.inc(labels, value);
          gauge.set(labels, -value);
        }
        const gathering = await registry.gather();
        assert.deepEqual(encodeGathering(gathering, protobuf), byPoints(gathering));
      },
    ),
    { numRuns: 200 },
  );
});

for (const count of [MANY - 1, MANY, MANY * 5]) {
  test(`a family of ${count} counters in pieces has the same bytes as in one`, async () => {
    const { registry } = manyCounters(count);
    const gathering = await registry.gather();
    assert.deepEqual(inPieces(gathering).bytes, encodeGathering(gathering, protobuf));
  });
}

test('a measured family is not in memory as a whole', async () => {
  const { registry } = manyCounters(MANY * 20);
  assert.ok(inPieces(await registry.gather()).largest < 16_384);
});

test('a measured family with a unit and a family after it are readable', async () => {
  const registry = new Registry({ selfMetrics: false });
  const labelNames = ['index'] as const;
  const options = { help: '', labelNames, registry, maxSeries: MANY * 2 };
  const bytes = new Gauge({ name: 'a_bytes', unit: 'bytes', ...options });
  const ratio = new Gauge({ name: 'b_ratio', unit: 'ratio', ...options });
  for (let index = 0; index < MANY * 2; index++) bytes.set({ index }, index);
  ratio.set({ index: 1 }, 0.5);
  const gathering = await registry.gather();
  assert.deepEqual(inPieces(gathering).bytes, encodeGathering(gathering, protobuf));
});

test('series that are removed after they were measured leave a readable family', async () => {
  for (const removed of [[0], [MANY * 2 - 1], Array.from({ length: MANY }, (_, index) => index * 2 + 1)]) {
    const { counter, registry } = manyCounters(MANY * 2);
    const expected = valuesIn(encodeGathering(await registry.gather(), protobuf));
    const { bytes } = inPieces(await registry.gather(), () => {
      for (const index of removed) counter.remove({ index, parity: index % 2 });
    });
    for (const index of removed) expected.delete(`a_total ${index},${index % 2}`);
    const found = valuesIn(bytes);
    // The rows of the first step had been written.
    for (const index of removed) found.delete(`a_total ${index},${index % 2}`);
    assert.deepEqual(found, expected);
  }
});

test('series that are added after rows were measured are left out', async () => {
  const { counter, registry } = manyCounters(MANY * 2);
  const expected = encodeGathering(await registry.gather(), protobuf);
  const { bytes } = inPieces(await registry.gather(), () => {
    counter.clear();
    for (let index = 0; index < 100; index++) counter.inc({ index, parity: 3 });
  });
  assert.ok([...valuesIn(bytes).keys()].every((key) => valuesIn(expected).has(key)));
});

test('series that are reset after they were measured leave a readable family', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_700_000_000_000 });
  const { counter, registry } = manyCounters(MANY * 2);
  const { bytes } = inPieces(await registry.gather(), () => {
    t.mock.timers.setTime(1_700_000_000_123);
    counter.reset();
  });
  assert.equal(valuesIn(bytes).get(`a_total ${MANY},0`), 0);
  assert.equal(valuesIn(bytes).size, MANY * 2);
});

test('a series that gets an exemplar after rows were measured leaves a readable family', async () => {
  const { counter, registry } = manyCounters(MANY * 2);
  const expected = valuesIn(encodeGathering(await registry.gather(), protobuf));
  const { bytes } = inPieces(await registry.gather(), () => {
    counter.inc({ index: MANY, parity: 0 }, 1, { trace_id: 'a'.repeat(50) });
  });
  expected.set(`a_total ${MANY},0`, MANY + 1);
  assert.deepEqual(valuesIn(bytes), expected);
});
