import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSize, formatValue, parseSize, sparkline } from '../../../src/cli/command/number-format.ts';
import { tableLines } from '../../../src/cli/command/table.ts';
import { isSameValue, parseTolerance } from '../../../src/cli/diff/differences.ts';
import { Trends } from '../../../src/cli/scrape/trends.ts';
import type { MetricFamily } from '../../../src/model/family.ts';

const plain = (_: unknown, text: string) => text;

test('a sparkline is scaled from the lowest to the highest value', () => {
  assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7]), '▁▂▃▄▅▆▇█');
  assert.equal(sparkline([5, 5, 5]), '▁▁▁');
  assert.equal(sparkline([1, Number.NaN, Number.POSITIVE_INFINITY, 2]), '▁  █');
  assert.equal(sparkline([-Number.MAX_VALUE, 0, Number.MAX_VALUE]), '▁▅█');
  assert.equal(sparkline([]), '');
});

test('a table that is too wide has its first column cut', () => {
  const columns = [
    { title: 'NAME', align: 'left' },
    { title: 'N', align: 'right' },
  ] as const;
  const rows = [
    [{ text: 'a_name_that_is_far_too_long' }, { text: '1' }],
    [{ text: 'b' }, { text: '22' }],
  ];
  assert.deepEqual(tableLines(columns, rows, plain, 20), [
    'NAME               N',
    'a_name_that_is_…   1',
    'b                 22',
  ]);
});

test('a table may have more rows than a function call may have arguments', () => {
  const lines = tableLines([{ title: 'NAME', align: 'left' }], Array(300_000).fill([{ text: 'a' }]), plain);
  assert.equal(lines.length, 300_001);
});

test('a table escapes control characters in names', () => {
  const lines = tableLines([{ title: 'NAME', align: 'left' }], [[{ text: 'a\u001b[31m\r\u009b' }]], plain);
  assert.equal(lines[1], 'a\\u{1b}[31m\\u{d}\\u{9b}');
});

test('a counter that decreased has been reset: its rate counts from 0', () => {
  const scrape = (value: number): MetricFamily[] => [
    { name: 'a_total', help: '', type: 'counter', points: [{ value }] },
  ];
  const trends = new Trends();
  const rates = [100, 120, 6].map((value, index) => trends.update(scrape(value), index * 2000).get('a_total')?.rate);
  assert.deepEqual(rates, [undefined, 10, 3]);
});

test('sizes are parsed and formatted', () => {
  assert.deepEqual(['1000', '64MB', '256MiB', '1.5 kib'].map(parseSize), [1000, 64e6, 2 ** 28, 1536]);
  assert.deepEqual([0, 1023, 1024, 200 * 1024, 2 ** 40].map(formatSize), [
    '0 B',
    '1023 B',
    '1.0 KiB',
    '200 KiB',
    '1024 GiB',
  ]);
  for (const text of ['', '-1', '1 stone', '1e3']) assert.throws(() => parseSize(text), RangeError);
});

test('a tolerance does not make NaN or infinite values equal to others', () => {
  const isNear = parseTolerance('100%');
  assert.ok(isNear(Number.NaN, Number.NaN) && isNear(1, 2) && isNear(0, 0));
  assert.ok(!isNear(1, Number.NaN) && !isNear(1, Number.POSITIVE_INFINITY));
  assert.ok(isSameValue(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY));
  for (const text of ['', '-1', 'much', '5%%']) assert.throws(() => parseTolerance(text), RangeError);
});

for (const [value, text] of [
  [1795840123, '1795840123'],
  [17226200, '17226200'],
  [-123456789, '-123456789'],
  [1795840123.5, '1795840124'],
  [0.123456789, '0.123457'],
  [1234.56789, '1234.57'],
  [2 ** 53 - 1, '9007199254740991'],
  [2 ** 60, '1152920000000000000'],
  [1e300, '1e+300'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
] as const) {
  test(`the value ${value} is shown as ${text}`, () => assert.equal(formatValue(value), text));
}
