import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counter } from '../../../src/index.ts';
import { sized } from '../../long.ts';
import { families, quietRegistry } from '../exposed-samples.ts';

/** Lists of label values: those of usual programs, and some that agree in many characters. */
const LISTS: Readonly<Record<string, (index: number) => string>> = {
  'status codes': (index) => Object.keys(STATUS_CODES)[index % 60] ?? '',
  numbers: String,
  routes: (index) => `/api/v1/resource${index}`,
  'routes with a number inside': (index) => `/users/${index}/orders`,
  'values with the same end': (index) => `${1000 + index}-the-same-from-here-on`,
  'values with the same start': (index) => `the-same-up-to-here-${index}`,
  'the empty value and short ones': (index) => 'abcdefghij'.slice(0, index % 11),
  'characters beyond Latin-1': (index) => String.fromCodePoint(0x1f300 + (index % 700)),
};

interface Exercise {
  readonly width: number;
  readonly textOf: (index: number) => string;
  /** Number of different values of a label. */
  readonly values: number;
  readonly calls: number;
}

/** Updates and removes random series of a counter, and compares all of them with a map. */
async function exercise({ width, textOf, values, calls }: Exercise): Promise<void> {
  const registry = quietRegistry();
  const labelNames = Array.from({ length: width }, (_, index) => `l${index}`);
  const options = { name: 'c_total', help: '', registry, maxSeries: Number.POSITIVE_INFINITY };
  const counter = new Counter({ ...options, labelNames });
  const expected = new Map<string, number>();
  const [indexes] = fc.sample(fc.array(fc.nat(values - 1), { minLength: calls * width, maxLength: calls * width }), {
    numRuns: 1,
    seed: 7,
  });
  for (let call = 0; call < calls; call++) {
    const set = labelNames.map((_, index) => textOf(indexes?.[call * width + index] ?? 0));
    const key = JSON.stringify(set);
    const labels = Object.fromEntries(set.map((value, index) => [`l${index}`, value]));
    if (call % 7 === 6) {
      assert.equal(counter.remove(labels), expected.delete(key));
      continue;
    }
    expected.set(key, (expected.get(key) ?? 0) + 1);
    if (call % 2 === 0) counter.inc(labels);
    else counter.labels(set[0] ?? '', ...set.slice(1)).inc();
  }
  const points = (await families(registry))[0]?.points ?? [];
  const shown = points.map(({ labels = {}, value }) => [JSON.stringify(labelNames.map((name) => labels[name])), value]);
  assert.deepEqual(new Map(shown as [string, number][]), expected);
  assert.equal(points.length, expected.size);
}

for (const [name, textOf] of Object.entries(LISTS)) {
  for (const width of [1, 2, 3, 4, 6]) {
    test(`each series is found by its ${width} label(s), and no other one: ${name}`, async () => {
      for (const values of [3, 60, 700]) await exercise({ width, textOf, values, calls: sized(2000, 50_000) });
    });
  }
}

test('series are found in a table that has become large', async () => {
  for (const width of [1, 3]) {
    await exercise({ width, textOf: (index) => `/api/v1/resource${index}`, values: 50_000, calls: 45_000 });
  }
});

for (const names of [['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']]) {
  test(`a removed series of ${names.length} label(s) that is added again starts at 0`, async () => {
    const registry = quietRegistry();
    const counter = new Counter({ name: 'c_total', help: '', labelNames: names, registry });
    const labels = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    counter.inc(labels, 5);
    const child = counter.labels(labels);
    counter.remove(labels);
    counter.inc(labels, 2);
    assert.notEqual(counter.labels(labels), child);
    assert.deepEqual(
      (await families(registry))[0]?.points.map(({ value }) => value),
      [2],
    );
  });

  test(`labels that the metric does not have are rejected after a series of ${names.length} label(s) was found`, () => {
    const counter = new Counter({ name: 'c_total', help: '', labelNames: names, registry: null });
    const labels = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    counter.inc(labels);
    counter.inc(labels);
    assert.throws(() => counter.inc({ ...labels, more: '1' }), /more/);
    assert.throws(() => counter.inc(Object.create(labels)), TypeError);
  });
}

for (const [name, textOf] of Object.entries(LISTS)) {
  for (const width of [1, 2, 3, 4]) {
    test(`series that come and go are found by their ${width} label(s), however often: ${name}`, async () => {
      for (const finds of [0, 1, 3, 10]) await comeAndGo({ width, textOf, finds });
    });
  }
}

/** Adds series and removes the oldest ones, while each is found several times, by name, by position or as a child. */
async function comeAndGo({ width, textOf, finds }: Pick<Exercise, 'width' | 'textOf'> & { readonly finds: number }) {
  const registry = quietRegistry();
  const labelNames = Array.from({ length: width }, (_, index) => `l${index}`);
  const counter = new Counter({ name: 'c_total', help: '', registry, labelNames });
  const expected = new Map<string, { readonly labels: Record<string, string>; value: number }>();
  const inc = (labels: Record<string, string>, call: number) => {
    const values = Object.values(labels);
    if (call % 2 === 0) counter.inc(labels);
    else counter.labels(values[0] ?? '', ...values.slice(1)).inc();
    const key = JSON.stringify(values);
    const series = expected.get(key) ?? { labels, value: 0 };
    series.value++;
    expected.set(key, series);
  };
  for (let next = 0; next < 1000; next++) {
    const labels = Object.fromEntries(labelNames.map((label, index) => [label, textOf(next + index * 7)]));
    inc(labels, next);
    const found = [...expected.values()];
    for (let find = 0; find < finds; find++) inc(found[(next * 31 + find * 17) % found.length]?.labels ?? labels, find);
    if (expected.size > 40) {
      const [key, oldest] = [...expected][0] ?? assert.fail();
      assert.equal(counter.remove(oldest.labels), expected.delete(key));
    }
    if (next % 300 === 299) {
      // Many at once: the others move, and then are found so often that they have hints again.
      for (const [key, { labels: gone }] of [...expected].slice(5)) {
        assert.equal(counter.remove(gone), expected.delete(key));
      }
    }
  }
  const points = (await families(registry))[0]?.points ?? [];
  assert.deepEqual(
    points.map(({ labels = {}, value }) => [Object.values(labels), value]),
    Array.from(expected.values(), ({ labels, value }) => [Object.values(labels), value]),
  );
}
