/** Ten misbehaving collectors and a hundred scrapes. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { openMetrics, protobuf, text } from '../../src/exposition/index.ts';
import { Gauge, type MetricFamily, metricsHandler, Registry } from '../../src/index.ts';
import { serve } from '../http/serve.ts';
import { collectorOf, gauge } from './gauges.ts';

const TIMEOUT_MS = 3;

/** Collectors by name; some of them return different values for each scrape. */
const hostile: Readonly<Record<string, (scrape: number, signal: AbortSignal) => unknown>> = {
  throwing: () => {
    throw new Error('broken');
  },
  rejecting: async () => {
    await undefined;
    throw Object.create(null);
  },
  hanging: () => new Promise(() => {}),
  late: (_, signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => setImmediate(resolve, [gauge('late')]))),
  rejectingLate: (_, signal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => setImmediate(reject, 'late'))),
  // biome-ignore lint/suspicious/noThenProperty: a thenable that calls back twice, and throws
  twice: () => ({ then: callBackTwice }),
  garbage: async (scrape) => [undefined, 1, 'families', null, {}, [], [[]], [{ points: [] }], () => {}][scrape % 9],
  brokenFamilies: async (scrape) => [gauge('good_enough', {}, scrape), null, { ...gauge('b'), points: midway() }],
  endless: async () => endless(),
  endlessPoints: async () => [{ ...gauge('c'), points: endless() }],
};

function callBackTwice(resolve: (families: unknown) => void, reject: (error: Error) => void): void {
  resolve([gauge('twice')]);
  resolve([gauge('again')]);
  reject(new Error('and rejected'));
  throw new Error('and thrown');
}

function* midway() {
  yield { value: 1 };
  throw new Error('midway');
}

function* endless(): Generator<MetricFamily> {
  for (;;) yield { name: 'endless', help: '', type: 'gauge', points: [] };
}

function hostileRegistry(t: { after(fn: () => void): void }) {
  const registry = new Registry({ maxPoints: 50 });
  let scrape = 0;
  for (const [name, collect] of Object.entries(hostile))
    registry.register(collectorOf(name, ({ signal }) => collect(scrape, signal)));
  registry.register(collectorOf('sound', async () => [gauge('sound', {}, ++scrape)]));
  new Gauge({ name: 'metric', help: '', registry }).set(1);
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', onUnhandled);
  t.after(() => void process.off('unhandledRejection', onUnhandled));
  return { registry, unhandled };
}

/** Returned twice, but used once. */
const failing = Object.keys(hostile)
  .filter((name) => name !== 'twice')
  .sort();
/** The collector `garbage` returns an empty array in every ninth scrape, which is valid. */
const allButGarbage = failing.filter((name) => name !== 'garbage');

test('a hundred scrapes with ten collectors that throw, hang or return invalid data lose no data of the others', async (t) => {
  const { registry, unhandled } = hostileRegistry(t);
  const { signal } = new AbortController();
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  const timersBefore = timers();
  for (let scrape = 1; scrape <= 100; scrape++) {
    const { entries, failures } = await registry.gather({ signal, timeoutMs: TIMEOUT_MS });
    const shown = entries.map((entry) => ('descriptor' in entry ? entry.descriptor.name : entry.name));
    for (const name of ['metric', 'sound', 'twice', 'good_enough'])
      assert.ok(shown.includes(name), `${scrape}: ${name}`);
    const failed = new Set(failures.map(({ collector }) => collector));
    assert.deepEqual([...failed].sort(), scrape % 9 === 6 ? allButGarbage : failing, `scrape ${scrape}`);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  }
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve))); // Late results have arrived.
  assert.deepEqual(unhandled, []);
  assert.equal(timers(), timersBefore);
});

test('the handler serves all others in each format, and reports each failed collector', async (t) => {
  const { registry, unhandled } = hostileRegistry(t);
  const told = new Set<string>();
  const onError = ({ collector }: { readonly collector: string }) => void told.add(collector);
  const url = await serve(t, metricsHandler({ registry, timeoutMs: TIMEOUT_MS, onError }));
  for (const { contentType } of [text, openMetrics, protobuf]) {
    const response = await fetch(url, { headers: { accept: contentType } });
    assert.equal(response.status, 200);
    const body = await response.text();
    for (const name of ['metric', 'sound', 'twice', 'good_enough', 'zeroprom_collector_success']) {
      assert.ok(body.includes(name), `${contentType}: ${name}`);
    }
  }
  for (const name of failing) assert.ok(told.has(name), name);
  assert.deepEqual(unhandled, []);
});

/** Errors that only encoders find, because they depend on the format or concern parts that registries do not check. */
const broken: readonly [what: string, family: unknown][] = [
  ['a negative counter', { name: 'a_total', help: '', type: 'counter', points: [{ value: -1 }] }],
  ['a lone surrogate in a label name', gauge('a', { '\ud800': 'x' })],
  ['a label name that is reserved for the server', gauge('a', { __name__: 'x' })],
  ['labels whose escaped names are equal', gauge('a', { 'x.y': '1', x_y: '2' })],
  [
    'a histogram with the label le',
    {
      name: 'a',
      help: '',
      type: 'histogram',
      points: [{ labels: { le: '1' }, value: { upperBounds: [], bucketCounts: [1], count: 1, sum: 1 } }],
    },
  ],
  [
    'an invalid count',
    {
      name: 'a',
      help: '',
      type: 'histogram',
      points: [{ value: { upperBounds: [], bucketCounts: [-1], count: 1.5, sum: 1 } }],
    },
  ],
  [
    'an exemplar that is not an object',
    { name: 'a_total', help: '', type: 'counter', points: [{ value: 1, exemplar: 5 }] },
  ],
  [
    'an exemplar without labels',
    { name: 'a_total', help: '', type: 'counter', points: [{ value: 1, exemplar: { labels: null, value: 1 } }] },
  ],
  [
    'an exemplar that throws',
    {
      name: 'a',
      help: '',
      type: 'histogram',
      points: [
        {
          value: {
            upperBounds: [],
            bucketCounts: [1],
            count: 1,
            sum: 1,
            exemplars: [
              {
                get labels() {
                  throw Object.create(null);
                },
              },
            ],
          },
        },
      ],
    },
  ],
  [
    'native buckets of no schema',
    {
      name: 'a',
      help: '',
      type: 'histogram',
      points: [
        {
          value: {
            upperBounds: [],
            bucketCounts: [1],
            count: 1,
            sum: 1,
            native: {
              schema: 1000.5,
              zeroThreshold: -1,
              zeroCount: Number.NaN,
              positive: { indexes: [2, 1, 1], counts: [-1, 0.5, Number.NaN] },
              negative: { indexes: [], counts: [] },
            },
          },
        },
      ],
    },
  ],
];

for (const [what, family] of broken) {
  test(`${what} does not affect the families around it in any format`, async (t) => {
    const registry = new Registry({ selfMetrics: false });
    registry.register(collectorOf('broken', () => [family, gauge('before'), gauge('zafter')]));
    const url = await serve(t, metricsHandler({ registry }));
    for (const { contentType } of [text, openMetrics, protobuf]) {
      const response = await fetch(url, { headers: { accept: contentType } });
      assert.equal(response.status, 200);
      const body = await response.text();
      assert.ok(body.includes('before') && body.includes('zafter'), `${contentType}: ${body}`);
    }
    assert.equal((await registry.snapshot()).length >= 2, true);
  });
}

test('a foreign metric that fails midway keeps the series written so far, and the scrape continues', async () => {
  const registry = new Registry({ selfMetrics: false });
  for (const name of ['a', 'c']) new Gauge({ name, help: '', registry });
  registry.register({
    descriptor: { name: 'b', help: '', type: 'gauge' },
    rowCount: 2000,
    isEmpty: false,
    pin: () => {},
    unpin: () => {},
    encode: (encoder, from) => {
      if (from > 0) throw new Error('broken');
      encoder.gauge(
        { labels: { names: [], values: [], ids: new Int32Array(0) }, timestamp: undefined, startTimestamp: undefined },
        1,
      );
    },
  });
  const problems: string[] = [];
  const shown = await registry.expose(text, { onProblem: ({ message }) => problems.push(message) });
  assert.equal(shown, '# TYPE a gauge\na 0\n# TYPE b gauge\nb 1\n# TYPE c gauge\nc 0\n');
  assert.deepEqual(problems, ['b is not shown, or not all of it: broken']);
});
