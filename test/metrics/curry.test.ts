import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, type Registry } from '../../src/index.ts';
import { quietRegistry, samples } from './exposed-samples.ts';

function counterIn(registry: Registry | null) {
  return new Counter({ name: 'c_total', help: '', labelNames: ['zone', 'method', 'code'], registry });
}

function filledIn(registry: Registry) {
  const counter = counterIn(registry);
  for (const zone of ['a', 'b']) for (const code of [200, 500]) counter.inc({ zone, method: 'GET', code });
  return counter;
}

const ALL = [
  'c_total{zone="a",method="GET",code="200"} 1',
  'c_total{zone="a",method="GET",code="500"} 1',
  'c_total{zone="b",method="GET",code="200"} 1',
  'c_total{zone="b",method="GET",code="500"} 1',
];

test('a curried metric has the same series and takes the remaining labels', async () => {
  const registry = quietRegistry();
  const counter = counterIn(registry);
  const zoned = counter.curry({ zone: 'a' });
  zoned.inc({ method: 'GET', code: 200 });
  zoned.inc({ code: 200, method: 'GET' }, 2);
  zoned.labels('GET', 200).inc(3);
  zoned.labels({ method: 'GET', code: 200 }).inc(4);
  counter.inc({ zone: 'a', method: 'GET', code: 200 }, 5);
  assert.deepEqual(await samples(registry), ['c_total{zone="a",method="GET",code="200"} 15']);
  assert.deepEqual(zoned.labelNames, ['method', 'code']);
  assert.deepEqual(counter.labelNames, ['zone', 'method', 'code']);
  assert.equal(zoned.labels('GET', 200), counter.labels('a', 'GET', 200));
});

test('all labels can be bound', async () => {
  const registry = quietRegistry();
  const full = counterIn(registry).curry({ code: 200 }).curry({ zone: 'a', method: 'GET' });
  full.inc();
  full.inc(2);
  full.labels().inc(3);
  assert.deepEqual(await samples(registry), ['c_total{zone="a",method="GET",code="200"} 6']);
  assert.equal(full.remove(), true);
  assert.equal(full.remove(), false);
  assert.deepEqual(await samples(registry), []);
});

test('binding a bound or unknown label is an error', () => {
  const counter = counterIn(null);
  const zoned = counter.curry({ zone: 'a' });
  // @ts-expect-error wrong on purpose
  assert.throws(() => zoned.curry({ zone: 'b' }), new TypeError('c_total: label zone is bound by curry().'));
  const unknown = new TypeError('c_total has no label color; it has zone, method, code.');
  // @ts-expect-error wrong on purpose
  assert.throws(() => counter.curry({ color: 'red' }), unknown);
});

test('passing a bound label again is an error', async () => {
  const registry = quietRegistry();
  const zoned = counterIn(registry).curry({ zone: 'a' });
  const bound = new TypeError('c_total: label zone is bound by curry().');
  // @ts-expect-error wrong on purpose
  assert.throws(() => zoned.inc({ zone: 'a', method: 'GET', code: 200 }), bound);
  // @ts-expect-error wrong on purpose
  assert.throws(() => zoned.removeMatching({ zone: 'b' }), bound);
  assert.deepEqual(await samples(registry), []);
});

test('values are checked when they are bound', () => {
  const labelNames = { zone: ['a', 'b'], x: String } as const;
  const counter = new Counter({ name: 'c_total', help: '', labelNames, registry: null });
  assert.throws(
    // @ts-expect-error wrong on purpose
    () => counter.curry({ zone: 'c' }),
    new RangeError('c_total: label zone must be one of a, b, got "c".'),
  );
  // @ts-expect-error wrong on purpose
  assert.throws(() => counter.curry({ zone: undefined }), TypeError);
});

test('missing and unknown labels are errors as without currying', () => {
  const zoned = counterIn(null).curry({ zone: 'a' });
  // @ts-expect-error wrong on purpose
  assert.throws(() => zoned.inc({ method: 'GET' }), new TypeError('c_total: label code is missing.'));
  // @ts-expect-error wrong on purpose
  assert.throws(() => zoned.inc({ method: 'GET', code: 1, x: 1 }), /has no label x/);
  // @ts-expect-error wrong on purpose
  assert.throws(() => zoned.labels('GET'), new TypeError('c_total has 2 labels (method, code), got 1 values.'));
  // @ts-expect-error wrong on purpose
  assert.throws(() => zoned.inc(), TypeError);
});

test('the object with the bound labels is copied', async () => {
  const registry = quietRegistry();
  const labels = { zone: 'a' };
  const zoned = counterIn(registry).curry(labels);
  labels.zone = 'b';
  zoned.inc({ method: 'GET', code: 200 });
  assert.deepEqual(await samples(registry), ['c_total{zone="a",method="GET",code="200"} 1']);
});

const parts: readonly [
  what: string,
  change: (counter: ReturnType<typeof filledIn>) => void,
  shown: readonly string[],
][] = [
  ['clear()', (counter) => counter.curry({ zone: 'a' }).clear(), ALL.slice(2)],
  ['removeMatching({})', (counter) => counter.curry({ zone: 'a' }).removeMatching({}), ALL.slice(2)],
  [
    'removeMatching()',
    (counter) => counter.curry({ zone: 'a' }).removeMatching({ code: 500 }),
    [ALL[0]!, ...ALL.slice(2)],
  ],
  ['remove()', (counter) => counter.curry({ zone: 'a' }).remove('GET', 500), [ALL[0]!, ...ALL.slice(2)]],
  [
    'reset()',
    (counter) => counter.curry({ zone: 'a' }).reset(),
    ALL.map((line, index) => (index < 2 ? line.replace(/1$/, '0') : line)),
  ],
];

for (const [what, change, shown] of parts) {
  test(`${what} of a curried metric affects only its part`, async () => {
    const registry = quietRegistry();
    change(filledIn(registry));
    assert.deepEqual(await samples(registry), shown);
  });
}

test('children() of a curried metric returns those of its part, with all of their labels', () => {
  const counter = filledIn(quietRegistry());
  assert.deepEqual(
    counter
      .curry({ zone: 'b' })
      .children()
      .map(({ labels }) => labels),
    [
      { zone: 'b', method: 'GET', code: '200' },
      { zone: 'b', method: 'GET', code: '500' },
    ],
  );
});

test('replace() of a curried gauge affects only its part', async () => {
  const registry = quietRegistry();
  const gauge = new Gauge({ name: 'g', help: '', labelNames: ['zone', 'queue'], registry });
  gauge.set({ zone: 'a', queue: 'x' }, 1);
  gauge.set({ zone: 'b', queue: 'x' }, 2);
  gauge.curry({ zone: 'a' }).replace([[{ queue: 'y' }, 3]]);
  assert.deepEqual(await samples(registry), ['g{zone="b",queue="x"} 2', 'g{zone="a",queue="y"} 3']);
});

test('bound values are normalized like others', async () => {
  const registry = quietRegistry();
  const counter = new Counter({
    name: 'c_total',
    help: '',
    labelNames: ['method', 'x'],
    normalize: { method: (text) => text.toUpperCase() },
    registry,
  });
  const got = counter.curry({ method: 'get' });
  got.inc({ x: 1 });
  assert.deepEqual(await samples(registry), ['c_total{method="GET",x="1"} 1']);
  assert.equal(got.removeMatching({}), 1);
});

test('a metric and its curried form share timers, totals and scrapes', async () => {
  const registry = quietRegistry();
  const histogram = new Histogram({ name: 'h', help: '', labelNames: ['zone', 'code'], buckets: [], registry });
  const zoned = histogram.curry({ zone: 'a' });
  zoned.startTimer()({ code: 200 });
  zoned.time({ code: 200 }, () => {});
  zoned.curry({ code: 200 }).time(() => {});
  {
    using _timer = zoned.curry({ code: 200 }).startTimer();
  }
  assert.equal((await samples(registry))[2], 'h_count{zone="a",code="200"} 4');
});
