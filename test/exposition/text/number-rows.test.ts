import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import { formats, openMetrics } from '../../../src/exposition/formats.ts';
import { Counter, Gauge, type Registry } from '../../../src/index.ts';
import type { Encoder } from '../../../src/model/encoder.ts';
import type { Point } from '../../../src/model/family.ts';
import { LabelValues } from '../../../src/model/label-values.ts';
import { MappingEncoder } from '../../../src/model/mapping-encoder.ts';
import { quietRegistry, samples } from '../../metrics/exposed-samples.ts';

const NO_TIMES = { timestamp: undefined, startTimestamp: undefined };

/** Accepts points, but not rows. */
class PointByPoint extends MappingEncoder {
  protected override map(point: Point): Point {
    return point;
  }
}

const number = fc.oneof(
  fc.nat(),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1e9, 2 ** 31, 0.5, 1e300),
);
const value = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('', 'x'.repeat(200), 'é\n"\\', 'y'.repeat(5000)));
const series = fc.record({ values: fc.array(value, { minLength: 6, maxLength: 6 }), number, isRemoved: fc.boolean() });

interface Series {
  readonly values: readonly string[];
  readonly number: number;
  readonly isRemoved: boolean;
}

function fill(registry: Registry, rows: readonly Series[]): void {
  for (const width of [1, 3, 6]) {
    const labelNames = ['a', 'b', 'label.with.dots', 'd', 'e', 'f'].slice(0, width);
    const counter = new Counter({ name: `c${width}_total`, help: '', labelNames, registry });
    const gauge = new Gauge({ name: `g${width}`, help: '', labelNames, registry });
    for (const { values, number } of rows) {
      const labels = Object.fromEntries(labelNames.map((name, index) => [name, values[index] ?? '']));
      counter.incTo(labels, number);
      gauge.set(labels, -number);
    }
    for (const { values, isRemoved } of rows) {
      if (!isRemoved) continue;
      const labels = Object.fromEntries(labelNames.map((name, index) => [name, values[index] ?? '']));
      counter.remove(labels);
      gauge.remove(labels);
    }
  }
}

test('rows are encoded like points in every format and escaping scheme', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(series, { maxLength: 20 }), async (rows) => {
      const registry = quietRegistry();
      fill(registry, rows);
      const gathering = await registry.gather();
      const pointByPoint = { encode: (encoder: Encoder) => gathering.encode(new PointByPoint(encoder)) };
      for (const format of formats) {
        for (const escaping of ['underscores', 'allow-utf-8'] as const) {
          for (const createdLines of [false, true]) {
            const options = { escaping, createdLines };
            const shown = encodeGathering(gathering, format, options);
            assert.deepEqual(shown, encodeGathering(pointByPoint, format, options), format.contentType);
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('a row that cannot be encoded is left out and reported, and the others are exposed', async () => {
  const registry = quietRegistry();
  const values = new LabelValues();
  for (const text of ['x', 'y', 'z']) values.intern(text);
  const labels = { names: ['a'], values: [values] };
  const rows = {
    ...labels,
    ids: Int32Array.of(0, 1, 2),
    numbers: Float64Array.of(1, -1, 3),
    startTimestamps: undefined,
  };
  registry.register({
    descriptor: { name: 'c_total', help: '', type: 'counter' },
    rowCount: 3,
    isEmpty: false,
    pin: () => {},
    unpin: () => {},
    encode(encoder, first, end) {
      if (encoder.numbers?.(rows, first, end)) return;
      for (let row = first; row < end; row++) {
        const point = { labels: { ...labels, ids: rows.ids.subarray(row) }, ...NO_TIMES };
        encoder.counter(point, rows.numbers[row] ?? 0);
      }
    },
  });
  const problems: string[] = [];
  const shown = await registry.expose(openMetrics, { onProblem: ({ message }) => problems.push(message) });
  assert.equal(shown, '# TYPE c counter\nc_total{a="x"} 1\nc_total{a="z"} 3\n# EOF\n');
  assert.deepEqual(problems, [
    'c_total is not shown, or not all of it: An OpenMetrics counter must be at least 0, got -1.',
  ]);
});

test('more distinct values than the cache keeps are exposed', async () => {
  const registry = quietRegistry();
  const points = Array.from({ length: 3000 }, (_, index) => ({ labels: { a: `v${index}` }, value: index }));
  registry.register({ name: 'many', collect: () => [{ name: 'm', help: '', type: 'gauge', points }] });
  assert.deepEqual(
    await samples(registry),
    points.map(({ labels, value }) => `m{a="${labels.a}"} ${value}`),
  );
});

test('values belong to the right rows after rows have moved', async () => {
  const registry = quietRegistry();
  const gauge = new Gauge({ name: 'g', help: '', labelNames: ['a'], registry });
  for (let a = 0; a < 300; a++) gauge.set({ a }, a);
  await samples(registry);
  for (let a = 0; a < 200; a++) gauge.remove({ a });
  for (let a = 300; a < 310; a++) gauge.set({ a }, a);
  assert.deepEqual(
    await samples(registry),
    Array.from({ length: 110 }, (_, index) => `g{a="${index + 200}"} ${index + 200}`),
  );
});
