import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PeakWindow } from '../../../src/metrics/quantiles/peak-window.ts';
import { windowOptionsOf } from '../../../src/metrics/quantiles/sliding-window.ts';

function make(): PeakWindow {
  return new PeakWindow(windowOptionsOf({ maxAgeMs: 300, ageBuckets: 3 }, 'peak'), 0);
}

test('the maximum of the window is its largest value, even if all are negative', () => {
  const peak = make();
  for (const value of [-5, -3, -9]) peak.observe(value, 0);
  assert.equal(peak.max(0), -3);
});

test('reading does not change it: several scrapers see the same', () => {
  const peak = make();
  peak.observe(4, 0);
  assert.deepEqual([peak.max(10), peak.max(20), peak.max(299)], [4, 4, 4]);
});

test('a value leaves with its slot, and the next largest remains', () => {
  const peak = make();
  peak.observe(9, 50);
  peak.observe(2, 150);
  assert.equal(peak.max(299), 9);
  assert.equal(peak.max(300), 2);
  assert.equal(peak.max(400), Number.NaN);
});

test('the maximum is NaN before the first observation, and observing NaN changes nothing', () => {
  const peak = make();
  assert.equal(peak.max(0), Number.NaN);
  peak.observe(Number.NaN, 0);
  peak.observe(1, 0);
  peak.observe(Number.NaN, 0);
  assert.equal(peak.max(0), 1);
});

test('infinities are values', () => {
  const peak = make();
  peak.observe(Number.NEGATIVE_INFINITY, 0);
  assert.equal(peak.max(0), Number.NEGATIVE_INFINITY);
  peak.observe(Number.POSITIVE_INFINITY, 0);
  assert.equal(peak.max(0), Number.POSITIVE_INFINITY);
});
