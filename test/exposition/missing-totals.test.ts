/** Parsed histograms and summaries may lack their sum or count. Encoders must not invent one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../src/exposition/encode.ts';
import { type Format, openMetrics, openMetrics2, protobuf, text } from '../../src/exposition/formats.ts';
import { readSnapshot } from '../../src/exposition/snapshot/read-snapshot.ts';
import { snapshotOf } from '../../src/exposition/snapshot/snapshot.ts';
import type { MetricFamily } from '../../src/model/family.ts';
import { parseProtobuf } from '../../src/parse/protobuf/parse-protobuf.ts';
import { parseText } from '../../src/parse/text/parse-text.ts';
import { gatheringOf } from './families.ts';

const bucketLines = ['h_bucket{le="1"} 2', 'h_bucket{le="+Inf"} 3'];
const openMetricsBucketLines = ['h_bucket{le="1.0"} 2', 'h_bucket{le="+Inf"} 3'];

const histogram = (...totals: string[]) => familyOf(['# TYPE h histogram', ...bucketLines, ...totals]);
const summary = (...totals: string[]) => familyOf(['# TYPE s summary', 's{quantile="0.5"} 1', ...totals]);

function familyOf(lines: readonly string[]): MetricFamily {
  const [family] = parseText(`${lines.join('\n')}\n`);
  assert.ok(family !== undefined);
  return family;
}

/** The samples of an exposition, and the numbers of omitted and reported ones. */
function shown(format: Format, family: MetricFamily) {
  const counts = { omitted: 0, problems: 0 };
  const exposition = encodeGathering(gatheringOf([family]), format, {
    onOmitted: (samples) => {
      counts.omitted += samples;
    },
    onProblem: () => counts.problems++,
  }).toString();
  return { lines: exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#')), ...counts };
}

const complete = { omitted: 0, problems: 0 };

test('a histogram without sum has no sum in text, and neither sum nor count in OpenMetrics 1.0', () => {
  const family = histogram('h_count 3');
  assert.deepEqual(shown(text, family), { lines: [...bucketLines, 'h_count 3'], ...complete });
  // OpenMetrics: sum and count must both be present or both be absent, so the count is omitted.
  assert.deepEqual(shown(openMetrics, family), { lines: openMetricsBucketLines, omitted: 1, problems: 0 });
});

test('a histogram without count has no count in text, and neither sum nor count in OpenMetrics 1.0', () => {
  const family = histogram('h_sum 4');
  assert.deepEqual(shown(text, family), { lines: [...bucketLines, 'h_sum 4'], ...complete });
  assert.deepEqual(shown(openMetrics, family), { lines: openMetricsBucketLines, omitted: 1, problems: 0 });
});

test('a histogram without sum and count has only its buckets in text and OpenMetrics 1.0', () => {
  const family = histogram();
  assert.deepEqual(shown(text, family), { lines: bucketLines, ...complete });
  assert.deepEqual(shown(openMetrics, family), { lines: openMetricsBucketLines, ...complete });
});

test('OpenMetrics 2.0 and protobuf, which require both, have the count of the buckets and a sum of NaN', () => {
  for (const totals of [[], ['h_count 3']]) {
    const family = histogram(...totals);
    const lines = ['h {count:3,sum:NaN,bucket:[1:2,+Inf:3]}'];
    assert.deepEqual(shown(openMetrics2, family), { lines, ...complete });
    const [read] = parseProtobuf(encodeGathering(gatheringOf([family]), protobuf));
    const [point] = read?.type === 'histogram' ? read.points : [];
    assert.deepEqual([point?.value.count, point?.value.sum], [3, Number.NaN]);
  }
});

test('a summary without sum or count has none in text and OpenMetrics 1.0', () => {
  for (const totals of [['s_sum 4'], ['s_count 3'], []]) {
    const family = summary(...totals);
    assert.deepEqual(shown(text, family), { lines: ['s{quantile="0.5"} 1', ...totals], ...complete });
    const lines = ['s{quantile="0.5"} 1', ...totals];
    assert.deepEqual(shown(openMetrics, family), { lines, ...complete });
  }
});

test('a summary without sum or count is reported in OpenMetrics 2.0, and one without count in protobuf', () => {
  const reported = { lines: [], omitted: 0, problems: 1 };
  for (const totals of [['s_sum 4'], ['s_count 3'], []]) {
    assert.deepEqual(shown(openMetrics2, summary(...totals)), reported, totals.join());
  }
  assert.deepEqual(shown(protobuf, summary('s_sum 4')), reported);
  const [read] = parseProtobuf(encodeGathering(gatheringOf([summary('s_count 3')]), protobuf));
  const [point] = read?.type === 'summary' ? read.points : [];
  assert.deepEqual([point?.value.count, point?.value.sum], [3, Number.NaN]);
});

test('a snapshot says what is missing, also after JSON', () => {
  const families = [
    histogram('h_count 3', 'h_sum 4'),
    histogram('h_count 3'),
    histogram('h_sum 4'),
    summary('s_sum 4'),
    summary('s_count 3'),
    summary(),
  ];
  const snapshot = snapshotOf(gatheringOf(families));
  const missing = [[], ['hasSum'], ['hasCount'], ['hasCount'], ['hasSum'], ['hasCount', 'hasSum']];
  assert.deepEqual(
    snapshot.map(({ points }) => Object.keys(points[0]?.value ?? {}).filter((name) => name.startsWith('has'))),
    missing,
  );
  const restored = readSnapshot(JSON.parse(JSON.stringify(snapshot)));
  assert.deepEqual(snapshotOf(gatheringOf(restored)), snapshot);
  assert.deepEqual(
    restored.flatMap((family) => shown(text, family).lines),
    families.flatMap((family) => shown(text, family).lines),
  );
});
