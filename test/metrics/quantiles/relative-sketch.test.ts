import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RelativeSketch } from '../../../src/metrics/quantiles/relative-sketch.ts';

test('slots are counted separately and read together', () => {
  const sketch = new RelativeSketch(0.01, 2);
  for (const value of [1, 2]) sketch.add(value, 0);
  for (const value of [3, -4, 1]) sketch.add(value, 1);
  assert.equal(sketch.count, 5);
  sketch.emptySlot(0);
  assert.equal(sketch.count, 3);
  assert.ok(Math.abs(sketch.valueAt(0) + 4) <= 0.04);
});

test('the value of a rank without observations is NaN', () => {
  const sketch = new RelativeSketch(0.01, 1);
  sketch.add(1, 0);
  assert.equal(sketch.valueAt(1), Number.NaN);
});

test('the two ends of a step are within the error of the value shown for it', () => {
  const sketch = new RelativeSketch(0.01, 1);
  sketch.add(1, 0);
  const shown = sketch.valueAt(0);
  const end = 1 + 1 / 64 - Number.EPSILON;
  assert.ok((shown - 1) / 1 <= 0.01 && (end - shown) / end <= 0.01);
});
