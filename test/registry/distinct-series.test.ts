/** Points of a collector are the same series whatever the order of their labels; empty labels count as missing ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Registry } from '../../src/index.ts';
import { seriesKey } from '../../src/model/labels.ts';
import { samples } from './gauges.ts';

const value = fc.constantFrom('', 'a', 'b', '1', 'a"', '\u{1F600}', '__proto__', '\0');
const labels = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__'), value), { maxLength: 4 });

test('series are found to be the same by their labels alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(labels, { maxLength: 60 }), async (all) => {
      const points = all.map((pairs, index) => ({ labels: Object.fromEntries(pairs), value: index }));
      const expected = new Map<string, number>();
      for (const { labels, value } of points) {
        const key = seriesKey(Object.entries(labels));
        if (!expected.has(key)) expected.set(key, value);
      }
      const registry = new Registry({ selfMetrics: false });
      registry.register({ name: 'c', collect: () => [{ name: 'x', help: '', type: 'gauge', points }] });
      const { entries, failures } = await registry.gather();
      const found = entries.flatMap((entry) => ('points' in entry ? [...entry.points] : []));
      assert.deepEqual(
        found.map(({ value }) => value),
        [...expected.values()],
      );
      assert.equal(failures.length > 0, points.length > expected.size);
    }),
  );
});

test('many series with many shared values are told apart', async () => {
  const points = Array.from({ length: 20_000 }, (_, index) => ({
    labels: { a: String(index % 10), b: index % 200, c: `${Math.floor(index / 200)}`, d: index % 2 === 0 },
    value: index,
  }));
  const registry = new Registry({ selfMetrics: false });
  registry.register({
    name: 'c',
    collect: () => [{ name: 'x', help: '', type: 'gauge', points: [...points, ...points] }],
  });
  assert.equal((await samples(registry)).length, points.length);
});

test('properties of a polluted Object.prototype do not change which series are the same', async (t) => {
  Object.assign(Object.prototype, { a: 'a1', unrelated: () => {} });
  t.after(() => {
    for (const name of ['a', 'unrelated']) Reflect.deleteProperty(Object.prototype, name);
  });
  const points = [{ b: 'b1' }, { a: 'a1', b: 'b1' }, { b: 'b1', a: 'a1' }, { b: 'b1' }].map((labels) => ({
    labels,
    value: 1,
  }));
  const registry = new Registry({ selfMetrics: false });
  registry.register({ name: 'c', collect: () => [{ name: 'x', help: '', type: 'gauge', points }] });
  assert.deepEqual(await samples(registry), ['x{b="b1"} 1', 'x{a="a1",b="b1"} 1']);
});
