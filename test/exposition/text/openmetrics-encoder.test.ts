import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import { openMetrics, openMetrics2 } from '../../../src/exposition/formats.ts';
import type { HistogramValue, MetricFamily, MetricType } from '../../../src/model/family.ts';
import { gatheringOf } from '../families.ts';

const empty: HistogramValue = { upperBounds: [], bucketCounts: [1], count: 1, sum: 1 };

/** The lines of an exposition without `# EOF`, and the reported problems. */
function linesOf(...families: MetricFamily[]): readonly [lines: readonly string[], problems: number] {
  let problems = 0;
  const output = encodeGathering(gatheringOf(families), openMetrics, { onProblem: () => problems++ }).toString();
  return [output.split('\n').slice(0, -2), problems];
}

function family(name: string, type: MetricType, value: unknown = 1): MetricFamily {
  // Each test passes a value of the type.
  return { name, help: '', type, points: [{ value }] } as MetricFamily;
}

test('a counter beside a gauge with its name without _total is exposed as unknown', () => {
  assert.deepEqual(linesOf(family('jobs', 'gauge'), family('jobs_total', 'counter')), [
    ['# TYPE jobs gauge', 'jobs 1', '# TYPE jobs_total unknown', 'jobs_total 1'],
    0,
  ]);
});

test('a family with the name of samples of another one is left out', () => {
  assert.deepEqual(linesOf(family('jobs_total', 'counter'), family('jobs_created', 'gauge'), family('x', 'gauge')), [
    ['# TYPE jobs counter', 'jobs_total 1', '# TYPE x gauge', 'x 1'],
    1,
  ]);
});

test('an info without _info in its name is exposed as a gauge', () => {
  assert.deepEqual(linesOf(family('build', 'info')), [['# TYPE build gauge', 'build 1'], 0]);
});

test('a counter named exactly _total keeps its name', () => {
  assert.deepEqual(linesOf(family('_total', 'counter')), [['# TYPE _total unknown', '_total 1'], 0]);
});

for (const sum of [-1, Number.NaN]) {
  test(`a sum of ${sum} without negative buckets is left out together with the count`, () => {
    assert.deepEqual(linesOf(family('h', 'histogram', { ...empty, sum })), [
      ['# TYPE h histogram', 'h_bucket{le="+Inf"} 1'],
      0,
    ]);
  });
}

test('families with fractional counts are left out', () => {
  assert.deepEqual(linesOf(family('h', 'histogram', { ...empty, bucketCounts: [1.5], count: 1.5 })), [
    ['# TYPE h histogram'],
    1,
  ]);
});

test('quantiles outside 0 to 1 and negative values are left out', () => {
  const quantiles = [
    { quantile: -0.5, value: 1 },
    { quantile: 0.5, value: -1 },
    { quantile: 1, value: 2 },
    { quantile: 1.5, value: 3 },
  ];
  assert.deepEqual(linesOf(family('s', 'summary', { count: 1, sum: -1, quantiles })), [
    ['# TYPE s summary', 's{quantile="1.0"} 2', 's_count 1'],
    0,
  ]);
});

for (const [name, unit, isShown] of [
  ['time_seconds', 'seconds', true],
  ['time_seconds_total', 'seconds', false],
  ['timeseconds', 'seconds', false],
  ['seconds', 'seconds', false],
  ['time_per cent', 'per cent', false],
] as const) {
  test(`the unit ${unit} of ${name} is ${isShown ? '' : 'not '}shown`, () => {
    const [lines] = linesOf({ name, help: '', type: 'gauge', unit, points: [] });
    assert.equal(
      lines.some((line) => line.startsWith('# UNIT')),
      isShown,
    );
  });
}

test('OpenMetrics 2.0 has no units for infos and state sets', () => {
  const families = [
    { ...family('build_seconds_info', 'info'), unit: 'seconds' },
    { ...family('state_seconds', 'stateset', { states: ['a'], enabled: [1] }), unit: 'seconds' },
    { ...family('age_seconds', 'gauge'), unit: 'seconds' },
  ];
  const output = encodeGathering(gatheringOf(families), openMetrics2).toString();
  assert.deepEqual(output.match(/^# UNIT.*$/gm), ['# UNIT age_seconds seconds']);
});
