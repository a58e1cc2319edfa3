import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Difference,
  differences,
  isSameValue,
  parseTolerance,
  type Tolerance,
} from '../../../src/cli/diff/differences.ts';
import type { HistogramValue, MetricFamily, Sample } from '../../../src/model/family.ts';
import { type Labels, seriesKey } from '../../../src/model/labels.ts';
import { PackedPoints } from '../../../src/parse/assembly/packed-points.ts';
import { labelsOf } from '../../../src/parse/assembly/series-index.ts';
import { parseText } from '../../../src/parse/index.ts';

const series = fc.uniqueArray(fc.tuple(fc.nat(12), fc.nat(2)), { selector: ([label]) => label, maxLength: 8 });

/** Returns the sorted differences between two families with the given series. */
function compared(before: readonly (readonly number[])[], after: readonly (readonly number[])[]): string[] {
  const [one, other] = [before, after].map((lines) =>
    parseText(`# TYPE m gauge\n${lines.map(([label, value]) => `m{a="${label}"} ${value}\n`).join('')}`),
  );
  return Array.from(differences(one ?? [], other ?? [], { isEqual: isSameValue }), (each) =>
    JSON.stringify(each),
  ).sort();
}

test('differences do not depend on the order of series', () => {
  fc.assert(
    fc.property(series, series, (before, after) => {
      const inOrder = (one: readonly number[], other: readonly number[]) => (one[0] ?? 0) - (other[0] ?? 0);
      assert.deepEqual(compared(before, after), compared(before.toSorted(inOrder), after.toSorted(inOrder)));
    }),
  );
});

test('series are distinguished by all of their labels', () => {
  const read = (labels: string) => parseText(`m{${labels}} 1\n`);
  const subjects = Array.from(
    differences(read('a="1"'), read('b="1"'), { isEqual: isSameValue }),
    ({ subject }) => subject,
  );
  assert.deepEqual(subjects, ['m{a="1"}', 'm{b="1"}']);
});

test('large families in another order with the same series and values do not differ', () => {
  const lines = Array.from({ length: 3000 }, (_, index) => `m{a="${index}",b="ü${index % 7}",c=""} ${index}\n`);
  const others = lines.toReversed().map((line) => line.replace(/\{(a="[^"]*"),(b="[^"]*"),c=""\}/, '{$2,$1}'));
  const read = (parts: readonly string[]) => parseText(`# TYPE m gauge\n${parts.join('')}`);
  assert.deepEqual([...differences(read(lines), read(others), { isEqual: isSameValue })], []);
  const changed = others.map((line) => line.replace(/ 1234$/m, ' 5'));
  assert.deepEqual([...differences(read(lines), read(changed), { isEqual: undefined })], []);
  const found = [...differences(read(lines), read(changed), { isEqual: isSameValue })];
  assert.deepEqual(found, [{ kind: 'value', subject: 'm{a="1234",b="ü2"}', before: '1234', after: '5' }]);
});

test('the longer of two families in the same order has more series', () => {
  const read = (text: string) => parseText(`# TYPE m gauge\nm{a="1"} 1\n${text}`);
  const added = { kind: 'series', subject: 'm{a="2"}', before: undefined, after: '2' };
  const removed = { kind: 'series', subject: 'm{a="2"}', before: '2', after: undefined };
  assert.deepEqual([...differences(read(''), read('m{a="2"} 2\n'), { isEqual: isSameValue })], [added]);
  assert.deepEqual([...differences(read('m{a="2"} 2\n'), read(''), { isEqual: isSameValue })], [removed]);
});

test('large families in another order have only the differences of their series', () => {
  const lines = Array.from({ length: 3000 }, (_, index) => `m{a="${index}",b="ü${index % 7}"} ${index}\n`);
  const others = lines.toReversed().map((line) => line.replace(/^m\{a="1234".*/, 'm{b="ü2",a="1234"} 5'));
  const read = (parts: readonly string[]) => parseText(`# TYPE m gauge\n${parts.join('')}`);
  assert.deepEqual(
    [...differences(read(lines), read([...others, 'm{a="x"} 1\n']), { isEqual: isSameValue })],
    [
      { kind: 'value', subject: 'm{a="1234",b="ü2"}', before: '1234', after: '5' },
      { kind: 'series', subject: 'm{a="x"}', before: undefined, after: '1' },
    ],
  );
  assert.deepEqual([...differences(read(lines), read(lines.toReversed()), { isEqual: isSameValue })], []);
});

test('the last sample of a series counts, in the place of the first', () => {
  const read = (text: string) => parseText(`# TYPE m gauge\n${text}`);
  const found = differences(read('m{a="1"} 1\nm{a="2"} 2\nm{a="1"} 3\n'), read('m{a="3"} 1\nm{a="3"} 2\nm{a="1"} 4\n'), { isEqual: isSameValue }); // biome-ignore format: one line
  assert.deepEqual(Array.from(found, ({ subject, before, after }) => [subject, before, after]), [
    ['m{a="1"}', '3', '4'],
    ['m{a="2"}', '2', undefined],
    ['m{a="3"}', undefined, '2'],
  ]); // biome-ignore format: a table
});

test('many families of one name are compared in linear time', () => {
  const families = (value: number) =>
    Array.from({ length: 200_000 }, () => ({ name: 'm', help: '', type: 'gauge', points: [{ value }] }) as const);
  const found = [...differences(families(1), families(2), { isEqual: isSameValue })];
  assert.deepEqual(found, [{ kind: 'value', subject: 'm', before: '1', after: '2' }]);
});

/** Series of a family with up to three labels, some of them empty or missing, in any order. */
const labelled = fc.record({
  labels: fc
    .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'ä'), fc.constantFrom('', '1', '2', 'ü', '"\\\n')), {
      selector: ([name]) => name,
    })
    .map((pairs) => labelsOf(pairs.map(([name]) => name), pairs.map(([, value]) => value))), // biome-ignore format: one line
  value: fc.constantFrom(1, 2, 0.5, Number.NaN, Number.POSITIVE_INFINITY),
});
const points = fc.array(labelled, { maxLength: 12 });

test('differences of packed families are those of the same families as objects', () => {
  const tolerances = [isSameValue, undefined, parseTolerance('60%')];
  fc.assert(
    fc.property(points, points, fc.nat(4), fc.constantFrom(...tolerances), (before, after, common, isEqual) => {
      const [ones, others] = [before, [...before.slice(0, common), ...after]];
      const expected = found(gauge(ones), gauge(others), isEqual);
      assert.deepEqual(found(packed(ones), packed(others), isEqual), expected);
      assert.deepEqual(found(packed(ones), gauge(others), isEqual), expected);
      assert.deepEqual(found(gauge(ones), packed(others), isEqual), expected);
    }),
    { numRuns: 1000 },
  );
});

test('families are equal in any order of series and labels, packed or not', () => {
  const unique = fc.uniqueArray(labelled, { selector: ({ labels }) => seriesKey(pairsOf(labels)), maxLength: 12 });
  fc.assert(
    fc.property(unique, fc.boolean(), fc.boolean(), (ones, isReversed, hasEmptyLabel) => {
      const turned = ones.map(({ labels, value }) => {
        const pairs = pairsOf(labels).reverse();
        return { labels: Object.fromEntries(hasEmptyLabel ? [['c', ''], ...pairs] : pairs), value };
      });
      const others = isReversed ? turned.reverse() : turned;
      for (const one of [gauge(ones), packed(ones)]) {
        for (const other of [gauge(others), packed(others)]) assert.deepEqual(found(one, other, isSameValue), []);
      }
    }),
  );
});

test('packed families in the same order have only the differences of their values', () => {
  const many = Array.from({ length: 3000 }, (_, index) => ({ labels: { a: `ü${index}`, b: 'x' }, value: index }));
  const others = many
    .with(5, { labels: { a: 'ü5', b: 'x' }, value: 7 })
    .with(6, { labels: { a: 'y', b: '' }, value: 7 });
  assert.deepEqual(found(packed(many), packed(others), isSameValue), [
    { kind: 'series', subject: 'm{a="y"}', before: undefined, after: '7' },
    { kind: 'series', subject: 'm{a="ü6",b="x"}', before: '6', after: undefined },
    { kind: 'value', subject: 'm{a="ü5",b="x"}', before: '5', after: '7' },
  ]); // biome-ignore format: a table
  assert.equal(found(packed(many), packed(others), undefined).length, 2);
});

test('native histograms in another order do not differ', () => {
  const value = (count: number): HistogramValue => ({
    upperBounds: [],
    bucketCounts: [count],
    count,
    sum: 1,
    native: { schema: 3, zeroThreshold: 0, zeroCount: 0, positive: { indexes: [-1, 4], counts: [1, count - 1] }, negative: { indexes: [], counts: [] } }, // biome-ignore format: one line
  });
  const histograms = [3, 4, 5].map((count) => ({ labels: { a: `${count}` }, value: value(count) }));
  const family = (of: typeof histograms): MetricFamily => ({ name: 'm', help: '', type: 'histogram', points: of });
  assert.deepEqual(found(family(histograms), family(histograms.toReversed()), isSameValue), []);
  const changed = histograms.toReversed().with(0, { labels: { a: '5' }, value: value(6) });
  const subjects = found(family(histograms), family(changed), isSameValue).map(({ subject }) => subject);
  assert.deepEqual(subjects, ['m(positive){a="5",index="4"}', 'm_count{a="5"}']);
});

test('summaries without any sample are compared', () => {
  const empty = {
    value: { count: Number.NaN, sum: Number.NaN, hasCount: false, hasSum: false, quantiles: [] },
  } as const;
  const family = (of: readonly Sample<'summary'>[]): MetricFamily => ({
    name: 'm',
    help: '',
    type: 'summary',
    points: of,
  });
  const [ones, others] = [family([empty, empty, { ...empty, labels: { a: '1' } }]), family([empty, empty, empty])];
  assert.deepEqual(found(ones, others, isSameValue), []);
});

function gauge(of: readonly Sample<'gauge'>[]): MetricFamily {
  return { name: 'm', help: '', type: 'gauge', points: of };
}

function packed(of: readonly { labels: Labels; value: number }[]): MetricFamily {
  return { name: 'm', help: '', type: 'gauge', points: PackedPoints.of(of) };
}

function pairsOf(labels: Labels): [string, string][] {
  return Object.entries(labels).map(([name, value]) => [name, String(value)]);
}

/** Returns the differences in an order that does not depend on that of the series. */
function found(one: MetricFamily, other: MetricFamily, isEqual: Tolerance | undefined): Difference[] {
  const all = [...differences([one], [other], { isEqual })];
  return all.toSorted((a, b) => (a.kind + a.subject < b.kind + b.subject ? -1 : 1));
}
