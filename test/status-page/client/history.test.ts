import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../../src/status-page/client/data/history.ts';
import type { Family } from '../../../src/status-page/protocol.ts';

const gauge = (value: number): Family => ({
  id: 7,
  name: 'a',
  help: '',
  type: 'gauge',
  aggregate: 'sum',
  labels: [],
  values: { series: 1, value },
});

const empty = { session: 's', process: {}, gcPauses: [] };

test('the oldest samples are overwritten', () => {
  const history = new History(4);
  for (let time = 1; time <= 6; time++) history.append(time * 1000, [gauge(time)], undefined);
  assert.equal(history.oldest, 2);
  assert.deepEqual(line(history), [3, 4, 5, 6]);
  assert.equal(history.sampleAt(4500), 3);
  assert.equal(history.sampleAt(0), 2);
});

test('older samples are put in front of those that have arrived', () => {
  const history = new History(6);
  history.append(4000, [gauge(4)], { cpu: 0.4 });
  history.append(5000, [gauge(5)], { cpu: 0.5 });
  const families = [{ id: 7, line: [1, 2, null, 4] }];
  history.prepend(
    { ...empty, times: [1000, 2000, 3000, 4000], process: { cpu: [0.1, 0.2, 0.3, 0.4] }, families },
    new Map([[7, gauge(5)]]),
  );
  assert.deepEqual(line(history), [1, 2, Number.NaN, 4, 5]);
  assert.deepEqual(history.timeOf(0), 1000);
});

test('no more older samples are taken than there is space for', () => {
  const history = new History(3);
  history.append(4000, [gauge(4)], undefined);
  const families = [{ id: 7, line: [1, 2, 3] }];
  history.prepend({ ...empty, times: [1000, 2000, 3000], families }, new Map([[7, gauge(4)]]));
  assert.deepEqual(line(history), [2, 3, 4]);
  history.append(5000, [gauge(5)], undefined);
  assert.deepEqual(line(history), [3, 4, 5]);
});

test('a sample that is not later than the one before is ignored', () => {
  const history = new History(3);
  history.append(2000, [gauge(1)], undefined);
  history.append(2000, [gauge(2)], undefined);
  assert.deepEqual(line(history), [1]);
});

test('a family that is missing has gaps', () => {
  const history = new History(3);
  history.append(1000, [gauge(1)], undefined);
  history.append(2000, [], undefined);
  history.append(3000, [gauge(3)], undefined);
  assert.deepEqual(line(history), [1, Number.NaN, 3]);
});

function line(history: History): number[] {
  const track = history.family(7)?.line ?? new Float32Array();
  return Array.from({ length: history.count - history.oldest }, (_, index) =>
    history.at(track, history.oldest + index),
  );
}
