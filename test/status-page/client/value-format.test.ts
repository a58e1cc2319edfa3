import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatAge,
  formatBytes,
  formatNumber,
  formatOf,
  formatPercent,
  formatSeconds,
} from '../../../src/status-page/client/data/value-format.ts';

const cases: readonly [format: (value: number) => string, value: number, text: string][] = [
  [formatNumber, 0, '0'],
  [formatNumber, -0, '0'],
  [formatNumber, 5, '5'],
  [formatNumber, 0.1 + 0.2, '0.3'],
  [formatNumber, 12.345, '12.3'],
  [formatNumber, 999.96, '1000'],
  [formatNumber, 1234.5, '1,235'],
  [formatNumber, 123_456, '123,456'],
  [formatNumber, -1_234_567, '−1.23 M'],
  [formatNumber, 5e9, '5 G'],
  [formatNumber, 0.000_012_3, '0.0000123'],
  [formatNumber, Number.NaN, 'NaN'],
  [formatNumber, Number.POSITIVE_INFINITY, '+Inf'],
  [formatNumber, Number.NEGATIVE_INFINITY, '−Inf'],
  [formatSeconds, 0, '0 s'],
  [formatSeconds, 0.000_35, '350 µs'],
  [formatSeconds, 0.0123, '12.3 ms'],
  [formatSeconds, 4.2, '4.2 s'],
  [formatSeconds, 200, '3 min 20 s'],
  [formatSeconds, 7500, '2 h 5 min'],
  [formatSeconds, 273_600, '3 d 4 h'],
  [formatSeconds, 3600, '1 h'],
  [formatBytes, 0, '0 B'],
  [formatBytes, 1023, '1023 B'],
  [formatBytes, 47_395_635, '45.2 MiB'],
  [formatPercent, 0.1234, '12.3 %'],
];

for (const [format, value, text] of cases) {
  test(`${format.name}(${value}) is ${text}`, () => assert.equal(format(value), text));
}

test('ages are relative to the time of the sample', () => {
  assert.equal(formatAge(1000, 6000), '5 s ago');
  assert.equal(formatAge(6000, 1000), 'in 5 s');
  assert.equal(formatAge(1000, 1200), 'now');
  assert.equal(formatAge(undefined, 0), 'never');
});

test('the unit is that of the metric, or the last word of its name', () => {
  const text = (name: string, unit?: string) => formatOf({ name, unit, type: 'gauge' })(2);
  assert.equal(text('heap', 'bytes'), '2 B');
  assert.equal(text('heap_bytes'), '2 B');
  assert.equal(text('cpu_seconds_total'), '2 s');
  assert.equal(text('hit_ratio'), '200 %');
  assert.equal(text('items'), '2');
  assert.equal(formatOf({ name: 'start_time_seconds', type: 'gauge' })(Date.now() / 1000 - 60), '60 s ago');
});
