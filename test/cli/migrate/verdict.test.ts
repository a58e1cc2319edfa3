import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiUses } from '../../../src/cli/migrate/api-uses.ts';
import { verdictOf } from '../../../src/cli/migrate/verdict.ts';

/** The expected verdict on the last use in a program that imports the module as `c`, and a pattern for its message. */
const cases: readonly (readonly [code: string, kind: string, message?: RegExp])[] = [
  ["new c.Counter({ name: 'a', help: 'b' })", 'same'],
  ['new c.Counter({ enableExemplars: true })', 'differs', /labels\(\.\.\.\)\.inc\(\)/],
  ['new c.Counter({ ...enableExemplars })', 'check by hand', /onfiguration is defined elsewhere/],
  ["new c.Counter('name', 'help')", 'differs', /Positional arguments were removed in prom-client 12/],
  ['new c.Counter(`name`, help)', 'differs', /Positional/],
  ['new c.Gauge(options)', 'check by hand', /onfiguration is defined elsewhere/],
  ['new c.Gauge', 'same'],
  ['new c.Histogram({ buckets: [0.1, 1, 5] })', 'same'],
  ['new c.Histogram({ buckets: [-1, 0, 1_000] })', 'same'],
  ['new c.Histogram({ buckets: [5, 1] })', 'differs', /Buckets are sorted/],
  ['new c.Histogram({ buckets: [1, 1] })', 'differs', /Buckets are sorted/],
  ['new c.Histogram({ buckets: [1, Infinity] })', 'differs', /Buckets are sorted/],
  ['new c.Histogram({ buckets: [...some] })', 'check by hand', /configuration/],
  ['new c.Histogram({ buckets: some })', 'same'],
  ['new c.Summary({ percentiles: [0.5] })', 'same'],
  ['new c.Summary({ maxAgeSeconds: 60, ageBuckets: 5 })', 'differs', /those of the window/],
  ['new c.Registry()', 'same'],
  ['new c.Registry(c.openMetricsContentType)', 'same'],
  ['new c.Registry(type)', 'differs', /no longer renames counters/],
  ['c.register.setContentType(type)', 'differs', /no longer renames counters/],
  ['c.register.metrics()', 'same'],
  ['c.register._metrics', 'check by hand', /_metrics can be read/],
  ['c.register.other()', 'check by hand', /other is not a documented member/],
  ['c.collectDefaultMetrics()', 'differs', /counts every collection/],
  ['c.collectDefaultMetrics.metricsList', 'same'],
  ['new c.AggregatorRegistry()', 'differs', /late no longer fails/],
  ["new c.Pushgateway('http://a')", 'differs', /Content-Type/],
  ['c.linearBuckets(1, 2, 3)', 'same'],
  ['c.aggregators', 'same'],
  ['c.Metric', 'check by hand', /Metric is not exported/],
  ['c[name]', 'check by hand', /passed on/],
  ['c.register[name]', 'check by hand', /computed name/],
  ['counter.hashMap', 'check by hand', /copy to read/],
  ["require('prom-client/lib/registry')", 'same'],
  ["require('prom-client/lib/metrics/gc.js')", 'same'],
  ["require('prom-client/package.json')", 'same'],
  ["require('prom-client/lib/util')", 'check by hand', /internal/],
  ["require('prom-client/lib/exemplar')", 'differs', /does not exist/],
  ["jest.mock('prom-client')", 'check by hand', /name of the package is in a string/],
];

for (const [code, kind, message = /^$/] of cases) {
  test(`${code}: ${kind}`, () => {
    const found = apiUses(`const c = require('prom-client');\n${code};`, 'prom-client').map(verdictOf);
    const verdict = code.includes('openMetricsContentType')
      ? found.at(-1)
      : (found.find((each) => each.kind !== 'same') ?? found.at(-1));
    assert.equal(verdict?.kind, kind);
    assert.match(verdict?.message ?? '', message);
  });
}
