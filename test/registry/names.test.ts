import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMetrics } from '../../src/exposition/index.ts';
import {
  Counter,
  Gauge,
  Histogram,
  Info,
  type MetricFamily,
  type MetricType,
  Registry,
  Summary,
} from '../../src/index.ts';
import { collectorOf, failures, gauge, samples } from './gauges.ts';

const VALUES = {
  counter: 1,
  gauge: 1,
  unknown: 1,
  info: 1,
  histogram: { upperBounds: [], bucketCounts: [1], count: 1, sum: 1 },
  gaugehistogram: { upperBounds: [], bucketCounts: [1], count: 1, sum: 1 },
  summary: { count: 1, sum: 1, quantiles: [] },
  stateset: { states: ['on'], enabled: [true] },
};

function family(name: string, type: MetricType): MetricFamily {
  // The value is one of the type.
  return { name, help: 'Help.', type, points: [{ value: VALUES[type] }] } as unknown as MetricFamily;
}

const make = {
  counter: (name: string, registry: Registry) => new Counter({ name, help: '', registry }),
  gauge: (name: string, registry: Registry) => new Gauge({ name, help: '', registry }),
  histogram: (name: string, registry: Registry) => new Histogram({ name, help: '', registry }),
  summary: (name: string, registry: Registry) => new Summary({ name, help: '', registry }),
  info: (name: string, registry: Registry) => new Info({ name, help: '', labelNames: ['x'], registry }),
};
type Made = keyof typeof make;

const clashes: readonly [Made, string, Made, string, shownAs: string][] = [
  ['histogram', 'x', 'gauge', 'x_count', 'x_count'],
  ['histogram', 'x', 'gauge', 'x_sum', 'x_sum'],
  ['histogram', 'x', 'gauge', 'x_bucket', 'x_bucket'],
  ['histogram', 'x', 'gauge', 'x_created', 'x_created'],
  ['histogram', 'x', 'counter', 'x_total', 'x_created'],
  ['summary', 'x', 'gauge', 'x_count', 'x_count'],
  ['summary', 'x', 'gauge', 'x_sum', 'x_sum'],
  ['counter', 'x', 'counter', 'x_total', 'x_total'],
  ['counter', 'x', 'gauge', 'x_total', 'x_total'],
  ['counter', 'x_total', 'gauge', 'x_created', 'x_created'],
  ['info', 'x', 'gauge', 'x', 'x'],
  ['gauge', 'x_bucket', 'histogram', 'x', 'x_bucket'],
];

for (const [first, name, second, other, shown] of clashes) {
  test(`a ${second} ${other} is refused beside a ${first} ${name}, and reserves no names`, () => {
    const registry = new Registry();
    const { name: taken } = make[first](name, registry);
    assert.throws(() => make[second](other, registry), {
      message: `${other} cannot stand beside ${taken}: both would be shown as ${shown}. Rename one of them.`,
    });
    registry.unregister(taken);
    make[second](other, registry);
  });
}

const peaceful: readonly [Made, string, Made, string][] = [
  ['gauge', 'x', 'counter', 'x_total'],
  ['gauge', 'x', 'gauge', 'x_count'],
  ['histogram', 'x', 'gauge', 'x_max'],
  ['summary', 'x', 'gauge', 'x_bucket'],
];

for (const [first, name, second, other] of peaceful) {
  test(`a ${second} ${other} can be registered beside a ${first} ${name}`, async () => {
    const registry = new Registry({ selfMetrics: false });
    make[first](name, registry);
    make[second](other, registry);
    const problems: Error[] = [];
    for (const format of [undefined, openMetrics]) {
      await registry.expose(format, { onProblem: (problem) => problems.push(problem) });
    }
    assert.deepEqual(problems, []);
  });
}

const left: readonly [MetricFamily, MetricFamily, problem: string][] = [
  [gauge('x'), family('x', 'counter'), 'x differs in type, help or unit from an earlier family with this name.'],
  [
    gauge('x'),
    { ...gauge('x'), help: 'Other.' },
    'x differs in type, help or unit from an earlier family with this name.',
  ],
  [
    { ...gauge('x_seconds'), unit: 'seconds' },
    gauge('x_seconds'),
    'x_seconds differs in type, help or unit from an earlier family with this name.',
  ],
  [
    family('x', 'histogram'),
    gauge('x_count'),
    'x_count cannot stand beside x: both would be shown as x_count. Rename one of them.',
  ],
  [
    gauge('x_sum'),
    family('x', 'summary'),
    'x cannot stand beside x_sum: both would be shown as x_sum. Rename one of them.',
  ],
  [
    family('x', 'counter'),
    family('x_total', 'counter'),
    'x_total cannot stand beside x: both would be shown as x_total. Rename one of them.',
  ],
];

for (const [first, second, problem] of left) {
  test(`a ${first.type} ${first.name} of one collector takes precedence over a ${second.type} ${second.name} of a later one`, async () => {
    const registry = new Registry({ selfMetrics: false });
    registry.register(collectorOf('first', () => [first]));
    registry.register(collectorOf('second', () => [second]));
    assert.deepEqual(await failures(registry), [`second: ${problem}`]);
    const alone = new Registry({ selfMetrics: false });
    alone.register(collectorOf('first', () => [first]));
    assert.equal(await registry.expose(), await alone.expose());
  });
}

test('a family of a collector replaces neither a metric nor its samples', async () => {
  const registry = new Registry({ selfMetrics: false });
  new Histogram({ name: 'x', help: 'Help.', buckets: [1], registry });
  new Gauge({ name: 'y', help: 'Help.', registry });
  registry.register(collectorOf('bad', () => [gauge('x_count'), gauge('y', { label: 'x' }), gauge('z')]));
  assert.deepEqual(await failures(registry), [
    'bad: x_count cannot stand beside x: both would be shown as x_count. Rename one of them.',
    'bad: y cannot stand beside y: both would be shown as y. Rename one of them.',
  ]);
  assert.deepEqual((await samples(registry)).slice(-2), ['y 0', 'z 1']);
});

test('a family that several collectors return is one family, and each of its series is exposed once', async () => {
  const registry = new Registry({ selfMetrics: false });
  registry.register(collectorOf('one', () => [gauge('up', { target: 'a' }, 1)]));
  registry.register(collectorOf('two', () => [gauge('up', { target: 'b' }, 2), gauge('up', { target: 'a' }, 3)]));
  assert.equal(await registry.expose(), '# HELP up Help.\n# TYPE up gauge\nup{target="a"} 1\nup{target="b"} 2\n');
  assert.deepEqual(await failures(registry), ['two: up: duplicate series [["target","a"]].']);
});

test('a gauge x and a counter x_total, as in Go programs, are both exposed', async () => {
  const registry = new Registry({ selfMetrics: false });
  registry.register(collectorOf('page', () => [gauge('bytes'), family('bytes_total', 'counter')]));
  assert.deepEqual(await samples(registry), ['bytes 1', 'bytes_total 1']);
  assert.match(await registry.expose(openMetrics), /^bytes_total 1$/m);
});

test('a name can be reused for another type after its metric was unregistered', async () => {
  const registry = new Registry({ selfMetrics: false });
  const histogram = new Histogram({ name: 'x', help: '', registry });
  assert.equal(registry.unregister(histogram), true);
  new Gauge({ name: 'x_count', help: '', registry });
  new Gauge({ name: 'x', help: '', registry });
  assert.deepEqual(await samples(registry), ['x 0', 'x_count 0']);
});

test('clear() frees all names', () => {
  const registry = new Registry();
  new Histogram({ name: 'x', help: '', registry });
  registry.clear();
  new Gauge({ name: 'x_count', help: '', registry });
  assert.equal(registry.get('x'), undefined);
});

test('names selects families by their name or that of a sample', async () => {
  const registry = new Registry({ selfMetrics: false });
  for (const [type, name] of [
    ['counter', 'requests_total'],
    ['histogram', 'seconds'],
    ['info', 'build_info'],
    ['gauge', 'seconds_max'],
  ] as const) {
    make[type](name, registry);
  }
  registry.register(collectorOf('other', () => [gauge('other')]));
  const asked = async (...names: string[]) => {
    const { entries } = await registry.gather({ names });
    return entries.map((entry) => ('descriptor' in entry ? entry.descriptor.name : entry.name));
  };
  assert.deepEqual(await asked('requests_total'), ['requests_total']);
  assert.deepEqual(await asked('requests'), ['requests_total']);
  assert.deepEqual(await asked('seconds'), ['seconds']);
  assert.deepEqual(await asked('seconds_bucket', 'other'), ['other', 'seconds']);
  assert.deepEqual(await asked('seconds_max', 'build'), ['build_info', 'seconds_max']);
  assert.deepEqual(await asked('sec', 'seconds_', '', 'unknown'), []);
  assert.deepEqual(await asked(), []);
});

test('names accepts a single string', async () => {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'up', help: '', registry });
  assert.equal((await registry.gather({ names: 'up' })).entries.length, 1);
});

test('a metric that was not selected is not updated', async () => {
  const registry = new Registry({ selfMetrics: false });
  const updated: string[] = [];
  for (const name of ['a', 'b']) new Gauge({ name, help: '', registry, collect: () => void updated.push(name) });
  await registry.gather({ names: ['b'] });
  assert.deepEqual(updated, ['b']);
});
