import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EncodeOptions, encodeGathering } from '../../src/exposition/encode.ts';
import {
  type Format,
  formats,
  openMetrics,
  openMetrics0,
  openMetrics2,
  protobuf,
  text,
  textUtf8,
} from '../../src/exposition/formats.ts';
import { snapshotOf } from '../../src/exposition/snapshot/snapshot.ts';
import { cases, sane } from '../cases.ts';
import { assertGolden } from '../golden.ts';
import { needs, runInstalled } from '../installed-programs.ts';
import { gatheringOf } from './families.ts';
import { decodeFamilies } from './metrics-schema.ts';

const texts: readonly [file: string, format: Format, options?: EncodeOptions][] = [
  ['text.txt', text],
  ['text-utf-8.txt', textUtf8, { escaping: 'allow-utf-8' }],
  ['text-values.txt', text, { escaping: 'values' }],
  ['openmetrics.txt', openMetrics],
  ['openmetrics-created.txt', openMetrics, { createdLines: true, escaping: 'allow-utf-8' }],
  ['openmetrics-2.txt', openMetrics2, { escaping: 'allow-utf-8' }],
];

for (const [file, format, options] of texts) {
  test(`${format.contentType} matches ${file}`, () => {
    assertGolden(file, encodeGathering(gatheringOf(cases), format, options).toString());
  });
}

test('protobuf, decoded with its schema, matches protobuf.json', () => {
  const families = decodeFamilies(encodeGathering(gatheringOf(cases), protobuf, { escaping: 'allow-utf-8' }));
  const json = JSON.stringify(families, (_, value) => (Object.is(value, -0) ? '-0' : spelled(value)), 1);
  assertGolden('protobuf.json', `${json}\n`);
});

test('a snapshot matches snapshot.json', () => {
  assertGolden('snapshot.json', `${JSON.stringify(snapshotOf(gatheringOf(cases)), null, 1)}\n`);
});

test('OpenMetrics 0.0.1 is the text of 1.0.0', () => {
  assert.deepEqual(encodeGathering(gatheringOf(cases), openMetrics0), encodeGathering(gatheringOf(cases), openMetrics));
});

test('an exposition without families is empty except for its end', () => {
  const expositions = formats.map((format) => encodeGathering(gatheringOf([]), format).toString());
  assert.deepEqual(expositions, ['', '', '# EOF\n', '# EOF\n', '', '# EOF\n']);
});

test('a typical exposition matches sane.txt', () => {
  assertGolden('sane.txt', saneText());
});

test('promtool finds no problems in a typical exposition', needs('promtool'), () => {
  runInstalled('promtool', ['check', 'metrics'], saneText());
});

function saneText(): string {
  return encodeGathering(gatheringOf(sane), text).toString();
}

function spelled(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
