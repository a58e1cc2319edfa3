import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricNames } from './promql.ts';

const cases = [
  ['up', ['up']],
  ['up{job="a", up_label=~"b{c}d"} == 0', ['up']],
  ['60 * rate(example_total[$__rate_interval])', ['example_total']],
  ['sum by (job, instance) (rate(a_total[5m])) / on (job) group_left (x) b_total', ['a_total', 'b_total']],
  ['a:rule unless (b >= -1 and b < 1e3)', ['a:rule', 'b', 'b']],
  ['histogram_quantile(0.9, sum(rate(c_bucket[5m])) without (pod))', ['c_bucket']],
  ['d offset 5m > bool Inf or vector(1)', ['d']],
] as const;

for (const [expression, names] of cases) {
  test(`the metrics of ${expression} are ${names.join(', ')}`, () => {
    assert.deepEqual(metricNames(expression), names);
  });
}
