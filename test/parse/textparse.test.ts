/** In `prometheus` mode, parsers agree with the parsers of Prometheus: test/textparse/run.ts has created the vectors. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../src/exposition/encode.ts';
import { textUtf8 } from '../../src/exposition/formats.ts';
import type { MetricFamily } from '../../src/model/family.ts';
import { gatheringOf } from '../exposition/families.ts';
import { differences, read } from '../textparse/differences.ts';
import { seriesOf } from '../textparse/stored-series.ts';
import { documentOf, readVectors, type Vector } from '../textparse/vectors.ts';

const vectors = readVectors();

for (const format of ['text', 'openmetrics', 'openmetrics2', 'protobuf'] as const) {
  test(`the series of ${format} are those that a server stores`, () => {
    const own = vectors.filter((vector) => vector.format === format);
    assert.ok(own.length >= 50);
    for (const vector of own) {
      assert.deepEqual(differences(documentOf(vector), format, vector.stored), [], JSON.stringify(vector));
    }
  });

  test(`the series of ${format} are the same in text`, () => {
    for (const vector of vectors.filter((one) => one.format === format)) {
      const families = familiesOf(vector);
      if (families !== undefined) assertSameInText(families, JSON.stringify(vector));
    }
  });
}

/** The families that text can represent completely: it has neither gauge histograms nor native buckets. */
function familiesOf(vector: Vector): readonly MetricFamily[] | undefined {
  const families = read(documentOf(vector), vector.format);
  if (families instanceof Error) return undefined;
  return families.filter(({ type }) => type !== 'gaugehistogram');
}

function assertSameInText(families: readonly MetricFamily[], message: string): void {
  const problems: Error[] = [];
  const onProblem = (problem: Error) => problems.push(problem);
  const bytes = encodeGathering(gatheringOf([...families]), textUtf8, { escaping: 'allow-utf-8', onProblem });
  if (problems.length > 0) return;
  const again = read(bytes, 'text');
  assert.ok(!(again instanceof Error), `${message}: ${again}`);
  assert.deepEqual(textsOf(again), textsOf(families), message);
}

/** Text has neither start times nor exemplars nor times before 1970, and our writer does not write -0. */
function textsOf(families: readonly MetricFamily[]): string[] {
  const series = seriesOf(families, 'text');
  return series.map(({ name, labels, value }) => JSON.stringify([name, labels, value.replace(/^-0$/, '0')])).sort();
}
