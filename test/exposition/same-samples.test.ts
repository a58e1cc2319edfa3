import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EncodeOptions, encodeGathering } from '../../src/exposition/encode.ts';
import { type Format, openMetrics, protobuf, textUtf8 } from '../../src/exposition/formats.ts';
import { readSnapshot } from '../../src/exposition/read-snapshot.ts';
import { snapshotOf } from '../../src/exposition/snapshot.ts';
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

test('the text format carries every sample', () => {
  fc.assert(
    fc.property(families, (made) => {
      const { samples } = readLines(encode(made, textUtf8).toString());
      assert.deepEqual(samplesOfLines(samples, 1), samplesOfFamilies(made));
    }),
  );
});

test('OpenMetrics carries every sample', () => {
  fc.assert(
    fc.property(families, (made) => {
      const { samples } = readLines(encode(made, openMetrics).toString());
      assert.deepEqual(samplesOfLines(samples, 1000), samplesOfFamilies(made));
    }),
  );
});

test('protobuf carries every sample', () => {
  fc.assert(
    fc.property(families, (made) => {
      assert.deepEqual(samplesOfMessages(decodeFamilies(encode(made, protobuf))), samplesOfFamilies(made));
    }),
  );
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
