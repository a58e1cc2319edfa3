import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EncodeOptions, encodeGathering } from '../../src/exposition/encode.ts';
import { type Format, formats, openMetrics, protobuf, textUtf8 } from '../../src/exposition/formats.ts';
import { readSnapshot } from '../../src/exposition/snapshot/read-snapshot.ts';
import { snapshotOf } from '../../src/exposition/snapshot/snapshot.ts';
import type { MetricFamily } from '../../src/model/family.ts';
import { families } from './arbitrary-families.ts';
import { gatheringOf } from './families.ts';
import { decodeFamilies } from './metrics-schema.ts';
import { samplesOfFamilies, samplesOfLines, samplesOfMessages } from './samples.ts';
import { readLines } from './text-reader.ts';

const options: EncodeOptions = {
  escaping: 'allow-utf-8',
  onProblem: (problem) => {
    throw problem;
  },
};

function encode(made: readonly MetricFamily[], format: Format): Buffer {
  return encodeGathering(gatheringOf(made), format, options);
}

test('the text format contains every sample', () => {
  fc.assert(
    fc.property(families, (made) => {
      const { samples } = readLines(encode(made, textUtf8).toString());
      assert.deepEqual(samplesOfLines(samples, 1), samplesOfFamilies(made));
    }),
  );
});

test('OpenMetrics contains every sample', () => {
  fc.assert(
    fc.property(families, (made) => {
      const { samples } = readLines(encode(made, openMetrics).toString());
      assert.deepEqual(samplesOfLines(samples, 1000), samplesOfFamilies(made));
    }),
  );
});

test('protobuf contains every sample', () => {
  fc.assert(
    fc.property(families, (made) => {
      assert.deepEqual(samplesOfMessages(decodeFamilies(encode(made, protobuf))), samplesOfFamilies(made));
    }),
  );
});

test('no format writes the sign of -0', () => {
  const zeros = (zero: number): MetricFamily[] => [
    { name: 'g', help: '', type: 'gauge', points: [{ value: zero }] },
    {
      name: 'h',
      help: '',
      type: 'histogram',
      points: [{ value: { upperBounds: [zero], bucketCounts: [zero, 1], count: 1, sum: zero } }],
    },
    {
      name: 's',
      help: '',
      type: 'summary',
      points: [{ value: { count: zero, sum: zero, quantiles: [{ quantile: zero, value: zero }] } }],
    },
  ];
  for (const format of formats) {
    const encoded = (made: MetricFamily[]) => encodeGathering(gatheringOf(made), format);
    assert.deepEqual(encoded(zeros(-0)), encoded(zeros(0)));
  }
  assert.deepEqual(snapshotOf(gatheringOf(zeros(-0))), snapshotOf(gatheringOf(zeros(0))));
});

test('a snapshot, as JSON and back, is encoded to the same bytes', () => {
  fc.assert(
    fc.property(families, (made) => {
      const restored = readSnapshot(JSON.parse(JSON.stringify(snapshotOf(gatheringOf(made)))));
      assert.deepEqual(encode(restored, protobuf), encode(made, protobuf));
      assert.deepEqual(encode(restored, openMetrics), encode(made, openMetrics));
    }),
  );
});
