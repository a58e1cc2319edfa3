/** A count that a uint64 cannot hold makes a protobuf message unreadable, and with it the exposition. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../src/exposition/encode.ts';
import { protobuf } from '../../src/exposition/formats.ts';
import type { MetricFamily } from '../../src/model/family.ts';
import { parse } from '../../src/parse/index.ts';
import { gatheringOf } from './families.ts';
import { decodeFamilies } from './metrics-schema.ts';

const sound: MetricFamily = { name: 'sound', help: '', type: 'gauge', points: [{ value: 1 }] };

function encoded(family: MetricFamily): { readonly bytes: Buffer; readonly problems: number } {
  let problems = 0;
  const bytes = encodeGathering(gatheringOf([family, sound]), protobuf, { onProblem: () => problems++ });
  return { bytes, problems };
}

for (const type of ['histogram', 'gaugehistogram'] as const) {
  for (const count of [2 ** 53, 2 ** 63, 2 ** 64, 1e300, Number.MAX_VALUE]) {
    test(`a ${type} with a count of ${count} can be read`, () => {
      const value = { upperBounds: [1], bucketCounts: [count, 0], count, sum: 1 };
      const { bytes, problems } = encoded({ name: 'h', help: '', type, points: [{ value }] });
      const [read, next] = parse(bytes, protobuf.contentType);
      const [point] = read?.type === type ? [...read.points] : [];
      assert.deepEqual([point?.value.count, point?.value.bucketCounts[0]], [count, count]);
      assert.equal(next?.name, 'sound');
      assert.equal(problems, 0);
    });
  }
}

test('a summary with a count that a uint64 cannot hold is left out and reported', () => {
  for (const [count, isShown] of [
    [2 ** 64 - 2 ** 11, true],
    [2 ** 64, false],
    [1e300, false],
  ] as const) {
    const value = { count, sum: 1, quantiles: [] };
    const { bytes, problems } = encoded({ name: 's', help: '', type: 'summary', points: [{ value }] });
    assert.deepEqual(
      decodeFamilies(bytes).map((family) => family['name']),
      isShown ? ['s', 'sound'] : ['sound'],
    );
    assert.equal(problems, isShown ? 0 : 1);
  }
});
