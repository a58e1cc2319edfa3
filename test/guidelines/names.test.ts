import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry, Scheduler, Summary } from '../../src/index.ts';
import { renderMetric } from '../../src/testing/index.ts';
import { readLines } from '../exposition/text-reader.ts';

test('a name is rejected, or exposed in a form that every server reads', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 10 }), async (name) => {
      let gauge: Gauge;
      try {
        gauge = new Gauge({ name, help: '', registry: null });
      } catch (error) {
        assert.ok(error instanceof RangeError);
        return;
      }
      const { samples } = readLines(await renderMetric(gauge));
      assert.deepEqual(
        samples.map((sample) => /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(sample.name)),
        [true],
      );
    }),
  );
});

test('help is required, but may be empty', () => {
  for (const Metric of [Counter, Gauge, Histogram, Summary]) {
    // @ts-expect-error wrong on purpose
    assert.throws(() => new Metric({ name: 'a', registry: null }), TypeError);
    new Metric({ name: 'a', help: '', registry: null });
  }
});

test("the library's own metrics have help", async () => {
  const registry = new Registry();
  registry.register({ name: 'broken', collect: () => Promise.reject(new Error('broken')) });
  new Scheduler({ registry }).every('1h', () => {}, { name: 'task' });
  const logger = { warn: () => {} };
  const counter = new Counter({ name: 'a_total', help: 'A.', labelNames: ['x'], maxSeries: 1, logger, registry });
  for (const x of [1, 2]) counter.inc({ x });
  const { metadata } = readLines(await registry.expose());
  const types = [...metadata.keys()].filter((key) => key.startsWith('TYPE '));
  assert.ok(types.length > 8, types.join());
  for (const type of types) assert.notEqual(metadata.get(type.replace('TYPE', 'HELP')) ?? '', '', type);
});
