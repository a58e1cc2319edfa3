import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../src/exposition/encode.ts';
import { openMetrics, protobuf, textUtf8 } from '../../src/exposition/formats.ts';
import type { MetricFamily } from '../../src/model/family.ts';
import { gatheringOf } from './families.ts';
import { decodeFamilies } from './metrics-schema.ts';
import { samplesOfFamilies, samplesOfLines, samplesOfMessages } from './samples.ts';
import { readLines } from './text-reader.ts';

/** More points than values of a label that an encoder keeps. */
const POINTS = 5000;
const UNUSUAL = ['', '"', '\\', '\n', 'é', '😀', 'x'.repeat(63), 'x'.repeat(64), 'x'.repeat(65), `${'x'.repeat(63)}é`];

/** Label sets by what is special about them. */
const labelSets: Readonly<Record<string, (index: number) => Readonly<Record<string, string | number>>>> = {
  'that occur once': (index) => ({ id: index }),
  'that occur twice in a row': (index) => ({ id: Math.floor(index / 2) }),
  'that occur again much later': (index) => ({ id: index % 2000, part: Math.floor(index / 2000) }),
  'that occur once, after values that are used often': (index) => ({
    id: index < 2500 ? index % 50 : index,
    at: index,
  }),
  'that are used often, after values that occur once': (index) => ({
    id: index > 2500 ? index % 50 : index,
    at: index,
  }),
  'with unusual characters and lengths': (index) => ({ id: `${index}${UNUSUAL[index % UNUSUAL.length]}` }),
  'that are empty or the same next to others': (index) => ({ none: '', one: 'x', id: index }),
  'of labels that are not in all points': (index) =>
    index % 3 === 0 ? { id: index, other: index } : index % 3 === 1 ? { id: index } : { other: index },
  'of many labels': (index) => ({ ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`l${at}`, index])) }),
};

for (const [what, labelsAt] of Object.entries(labelSets)) {
  const points = Array.from({ length: POINTS }, (_, index) => ({ labels: labelsAt(index), value: index }));
  const families: MetricFamily[] = [
    { name: 'a', help: '', type: 'gauge', points },
    { name: 'b', help: '', type: 'unknown', points },
  ];
  const expected = samplesOfFamilies(families);

  for (const format of [textUtf8, openMetrics]) {
    test(`label values ${what} belong to the right samples in ${format.contentType}`, () => {
      const { samples } = readLines(encodeGathering(gatheringOf(families), format).toString());
      assert.deepEqual(samplesOfLines(samples, 1), expected);
    });
  }

  test(`label values ${what} belong to the right samples in protobuf`, () => {
    assert.deepEqual(samplesOfMessages(decodeFamilies(encodeGathering(gatheringOf(families), protobuf))), expected);
  });
}
