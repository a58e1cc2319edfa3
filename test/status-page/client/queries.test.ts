import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrangeFamilies } from '../../../src/status-page/client/data/family-order.ts';
import { promqlFor } from '../../../src/status-page/client/data/promql.ts';
import { traceLink } from '../../../src/status-page/client/data/trace-link.ts';
import type { Family } from '../../../src/status-page/protocol.ts';

test('PromQL asks for what the page shows', () => {
  assert.equal(promqlFor({ name: 'a_total', type: 'counter' }), 'sum(rate(a_total[5m]))');
  assert.equal(promqlFor({ name: 'a', type: 'counter' }, [['b', 'c']]), 'rate(a_total{b="c"}[5m])');
  assert.equal(promqlFor({ name: 'a', type: 'gauge' }, [['b', 'x"y\\z\n']]), 'a{b="x\\"y\\\\z\\n"}');
  assert.equal(
    promqlFor({ name: 'a', type: 'histogram' }),
    'histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m])))',
  );
  assert.equal(promqlFor({ name: 'a', type: 'summary' }), 'rate(a_sum[5m]) / rate(a_count[5m])');
  assert.equal(promqlFor({ name: 'a_info', type: 'info' }), 'a_info');
  assert.equal(promqlFor({ name: 'a', type: 'stateset' }), 'a == 1');
  assert.equal(promqlFor({ name: 'a.b', type: 'gauge' }, [['c.d', 'e']]), '{"a.b", "c.d"="e"}');
});

test('a trace link fills in the labels of the exemplar, escaped', () => {
  assert.equal(
    traceLink('https://t.example/{id}?s={s}', [
      ['id', 'a/b'],
      ['s', '&'],
    ]),
    'https://t.example/a%2Fb?s=%26',
  );
  assert.equal(traceLink('https://t.example/{id}', [['other', 'a']]), undefined);
  assert.equal(traceLink('javascript:alert({id})', [['id', '1']]), undefined);
  assert.equal(traceLink(undefined, []), undefined);
});

test('a large group is divided by the second word of the names', () => {
  const names = Array.from({ length: 20 }, (_, index) => `node_${index % 2 === 0 ? 'cpu' : 'disk'}_${index}`);
  const groups = arrangeFamilies(
    [...names, 'go_gc'].map((name) => family(name)),
    { search: '', sort: 'name', isGrouped: true },
  );
  assert.deepEqual(
    groups.map(({ prefix, families }) => [prefix, families.length]),
    [
      ['go', 1],
      ['node_cpu', 10],
      ['node_disk', 10],
    ],
  );
});

test('families that are not grouped are sorted as a whole', () => {
  const families = [family('b', 1), family('a', 2), family('c', 3)];
  const sorted = arrangeFamilies(families, { search: '', sort: 'series', isGrouped: false });
  assert.deepEqual(
    sorted.flatMap((group) => group.families.map(({ name }) => name)),
    ['c', 'a', 'b'],
  );
});

function family(name: string, series = 1): Family {
  return {
    id: 1,
    name,
    help: '',
    type: 'gauge',
    aggregate: 'sum',
    labels: [],
    values: { series },
  };
}
