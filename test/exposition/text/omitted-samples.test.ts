/** Samples whose values OpenMetrics forbids are left out and counted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import { type Format, openMetrics, openMetrics2, protobuf, text } from '../../../src/exposition/formats.ts';
import type { HistogramValue, MetricFamily, MetricType, SummaryValue } from '../../../src/model/family.ts';
import { gatheringOf } from '../families.ts';

function omittedIn(format: Format, ...families: MetricFamily[]): number {
  let omitted = 0;
  encodeGathering(gatheringOf(families), format, {
    onOmitted: (samples) => {
      omitted += samples;
    },
  });
  return omitted;
}

function histogram(upperBound: number, sum: number, type: MetricType = 'histogram'): MetricFamily {
  const value: HistogramValue = { upperBounds: [upperBound], bucketCounts: [1, 0], count: 1, sum };
  // Histograms and gauge histograms have the same values.
  return { name: 'h', help: '', type, points: [{ value }] } as MetricFamily;
}

function summary(value: Partial<SummaryValue>): MetricFamily {
  return { name: 's', help: '', type: 'summary', points: [{ value: { count: 1, sum: 1, quantiles: [], ...value } }] };
}

const at = (quantile: number, value: number) => ({ quantile, value });

const omissions: readonly [what: string, family: MetricFamily, openMetrics: number, openMetrics2: number][] = [
  ['a histogram with a sum', histogram(1, 1), 0, 0],
  ['a histogram with a negative bound', histogram(-1, 5), 2, 0],
  ['a histogram with a negative sum', histogram(1, -5), 2, 0],
  ['a histogram with a sum of NaN', histogram(1, Number.NaN), 2, 0],
  ['a gauge histogram with a negative bound', histogram(-1, -5, 'gaugehistogram'), 0, 0],
  ['a gauge histogram with a negative sum without negative bounds', histogram(1, -5, 'gaugehistogram'), 2, 0],
  ['a gauge histogram with a sum of NaN', histogram(-1, Number.NaN, 'gaugehistogram'), 2, 0],
  ['a summary', summary({ quantiles: [at(0.5, 1), at(0.9, Number.NaN)] }), 0, 0],
  // OpenMetrics 2.0 has no summary without a sum: that one is reported as a whole.
  ['a summary with a negative sum', summary({ sum: -1 }), 1, 0],
  ['a summary with negative quantile values', summary({ quantiles: [at(0.5, -1), at(0.9, -2), at(1, 3)] }), 2, 2],
  ['a summary with quantiles beyond 1', summary({ quantiles: [at(0.5, 1), at(1.5, 1)] }), 1, 1],
];

for (const [what, family, inOpenMetrics, inOpenMetrics2] of omissions) {
  test(`${what}: ${inOpenMetrics} samples are left out of OpenMetrics 1.0 and ${inOpenMetrics2} of 2.0`, () => {
    assert.deepEqual(
      [openMetrics, openMetrics2, text, protobuf].map((format) => omittedIn(format, family)),
      [inOpenMetrics, inOpenMetrics2, 0, 0],
    );
  });
}

test('the listener is optional', () => {
  assert.match(encodeGathering(gatheringOf([histogram(-1, 1)]), openMetrics).toString(), /^h_bucket\{le="-1\.0"\} 1$/m);
});
