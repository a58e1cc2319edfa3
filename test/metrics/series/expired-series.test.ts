/** Beyond `maxSeries`, series that are past their `ttlMs` make room for new ones, without a scrape. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counter, Gauge, Histogram, Info, PeakGauge, Registry, StateSet, Summary } from '../../../src/index.ts';
import { assertCpuTime } from '../../cpu-time.ts';
import { type MockClock, mockClock, setMonotonicClock } from '../clock.ts';
import { quietRegistry, samples } from '../exposed-samples.ts';

const TTL = 1000;

const shared = { name: 'm', help: '', labelNames: ['x'], ttlMs: TTL, maxSeries: 2, logger: { warn() {} } } as const;

function gaugeIn(registry: Registry | null, maxSeries = 2) {
  return new Gauge({ ...shared, maxSeries, registry });
}

type Update = (registry: Registry) => (x: string) => void;

const updates: readonly [what: string, update: Update][] = [
  ['Counter.inc()', (registry) => on(new Counter({ ...shared, name: 'm_total', registry }), (m, x) => m.inc({ x }))],
  [
    'Counter.incTo()',
    (registry) => on(new Counter({ ...shared, name: 'm_total', registry }), (m, x) => m.incTo({ x }, 5)),
  ],
  ['Gauge.labels(), by position', (registry) => on(gaugeIn(registry), (m, x) => m.labels(x))],
  ['Gauge.labels(), by name', (registry) => on(gaugeIn(registry), (m, x) => m.labels({ x }))],
  ['Gauge.set()', (registry) => on(gaugeIn(registry), (m, x) => m.set({ x }, 1))],
  ['a curried gauge', (registry) => on(gaugeIn(registry), (m, x) => m.curry({ x }).set(1))],
  ['a normalized label', (registry) => on(normalizing(registry), (m, x) => m.inc({ x }))],
  ['Histogram.observe()', (registry) => on(new Histogram({ ...shared, registry }), (m, x) => m.observe({ x }, 1))],
  ['Histogram.startTimer()', (registry) => on(new Histogram({ ...shared, registry }), (m, x) => m.startTimer({ x })())],
  ['Summary.observe()', (registry) => on(new Summary({ ...shared, registry }), (m, x) => m.observe({ x }, 1))],
  ['Info.add()', (registry) => on(new Info({ ...shared, registry }), (m, x) => m.add({ x }))],
  ['PeakGauge.observe()', (registry) => on(new PeakGauge({ ...shared, registry }), (m, x) => m.observe({ x }, 1))],
  ['StateSet.set()', (registry) => on(states(registry), (m, x) => m.set({ x }, 'on'))],
];

function on<M>(metric: M, update: (metric: M, x: string) => unknown): (x: string) => void {
  return (x) => void update(metric, x);
}

function normalizing(registry: Registry) {
  return new Counter({ ...shared, name: 'm_total', normalize: { x: (value) => value.toLowerCase() }, registry });
}

function states(registry: Registry) {
  return new StateSet({ ...shared, states: ['on', 'off'], registry });
}

/** The values of x that a scrape shows, in order of creation. */
async function shownIn(registry: Registry): Promise<string[]> {
  const lines = (await samples(registry)).filter((line) => !line.startsWith('zeroprom_'));
  return [...new Set(lines.map((line) => /x="([^"]*)"/.exec(line)?.[1] ?? ''))];
}

for (const [what, make] of updates) {
  test(`${what} takes the place of a series that has expired`, async (t) => {
    const clock = mockClock(t, 0);
    const registry = new Registry();
    const update = make(registry);
    update('a');
    clock.to(500);
    update('b');
    clock.to(TTL + 1);
    update('c');
    assert.deepEqual(await shownIn(registry), ['b', 'c']);
    assert.match(await registry.expose(), /^zeroprom_series_expired_total\{metric="m\w*"\} 1$/m);
    assert.doesNotMatch(await registry.expose(), /__overflow__|zeroprom_series_dropped_total/);
  });
}

test('without an expired series, new ones go to the overflow series', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const gauge = gaugeIn(registry);
  gauge.set({ x: 'a' }, 1);
  gauge.set({ x: 'b' }, 1);
  clock.to(TTL);
  gauge.set({ x: 'c' }, 1);
  assert.deepEqual(await shownIn(registry), ['a', 'b', '__overflow__']);
});

test('a series that is updated keeps its place, whenever it was created', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const gauge = gaugeIn(registry, 4);
  for (const x of ['a', 'b', 'c', 'd']) gauge.set({ x }, 1);
  const child = gauge.labels('c');
  clock.to(600);
  gauge.set({ x: 'a' }, 2);
  child.inc();
  clock.to(1001);
  for (const x of ['e', 'f', 'g']) gauge.set({ x }, 1);
  assert.deepEqual(await shownIn(registry), ['a', 'c', 'e', 'f', '__overflow__']);
});

test('an expired series that is updated before it is dropped continues', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const counter = new Counter({ ...shared, name: 'm_total', registry });
  counter.inc({ x: 'a' });
  counter.inc({ x: 'b' });
  clock.to(5000);
  counter.inc({ x: 'a' });
  counter.inc({ x: 'c' });
  assert.deepEqual(await samples(registry), ['m_total{x="a"} 2', 'm_total{x="c"} 1']);
});

test('the overflow series expires like others', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const gauge = gaugeIn(registry);
  for (const x of ['a', 'b', 'c']) gauge.set({ x }, 1);
  clock.to(900);
  for (const x of ['a', 'b']) gauge.set({ x }, 2);
  clock.to(1001);
  gauge.set({ x: 'd' }, 1);
  assert.deepEqual(await shownIn(registry), ['a', 'b', '__overflow__'], 'it has expired, and is made again');
  clock.to(1901);
  gauge.set({ x: 'e' }, 1);
  gauge.set({ x: 'f' }, 1);
  assert.deepEqual(await shownIn(registry), ['__overflow__', 'e', 'f']);
});

test('the child of a dropped series does not update another one', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const gauge = gaugeIn(registry);
  const child = gauge.labels('a');
  gauge.set({ x: 'b' }, 1);
  clock.to(TTL + 1);
  gauge.set({ x: 'c' }, 1);
  for (let count = 0; count < 5; count++) child.inc(100);
  clock.to(TTL + 2);
  gauge.set({ x: 'd' }, 1);
  assert.deepEqual(await samples(registry), ['m{x="c"} 1', 'm{x="d"} 1']);
});

test('replace() keeps series that have expired, and their children', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const gauge = gaugeIn(registry);
  const child = gauge.labels('a');
  gauge.set({ x: 'b' }, 1);
  clock.to(5000);
  gauge.replace([
    [{ x: 'new' }, 1],
    [{ x: 'a' }, 2],
  ]);
  child.inc();
  assert.deepEqual(await samples(registry), ['m{x="a"} 3', 'm{x="new"} 1']);
});

test('a curried replace() keeps expired series with other labels until room is needed', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const gauge = new Gauge({ ...shared, labelNames: ['y', 'x'], registry });
  gauge.set({ y: 'other', x: 'a' }, 1);
  gauge.set({ y: 'ours', x: 'a' }, 1);
  clock.to(5000);
  const replace = (...values: string[]) => gauge.curry({ y: 'ours' }).replace(values.map((x) => [{ x }, 1] as const));
  replace('b');
  assert.equal(gauge.children().length, 2);
  replace('b', 'c');
  assert.deepEqual(await shownIn(registry), ['b', 'c']);
});

test('a metric without labels drops no series', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const gauge = new Gauge({ name: 'g', help: '', ttlMs: TTL, maxSeries: 1, registry });
  gauge.set(1);
  clock.to(1e9);
  assert.deepEqual(await samples(registry), ['g 1']);
});

test('endless churn without scrapes keeps memory within maxSeries', (t) => {
  const clock = mockClock(t, 0);
  const gauge = gaugeIn(null, 100);
  for (let x = 0; x < 100_000; x++) {
    clock.to(x * 20);
    gauge.set({ x }, 1);
  }
  assert.equal(gauge.children().length, 100);
  assert.deepEqual(gauge.losses, { overflowed: 0, expired: 99_900, exemplars: 0 });
  assert.ok(gauge.rowCount <= 200, `${gauge.rowCount} rows`);
});

/** An algorithm that inspects all series for each new one would take minutes. */
const LIMIT_MS = 10_000;
const MANY = 100_000;

for (const [what, stepMs, expired] of [
  ['no series has', 0, 0],
  ['one series has each time', 10 / MANY, MANY],
] as const) {
  test(`new series take little time at a limit of ${MANY} where ${what} expired`, (t) => {
    let now = 0;
    setMonotonicClock(t, () => now);
    const gauge = new Gauge({ ...shared, ttlMs: 10, maxSeries: MANY, registry: null });
    const update = (x: number) => {
      now = x * stepMs;
      gauge.set({ x }, 1);
    };
    assertCpuTime(LIMIT_MS, () => {
      for (let x = 0; x <= MANY; x++) update(x);
      for (let x = MANY + 1; x < 2 * MANY + 2; x++) update(x);
    });
    assert.ok(Math.abs(gauge.losses.expired - expired) <= 2, `${gauge.losses.expired} have expired`);
  });
}

interface Series {
  value: number;
  lastUse: number;
}

type Key = number | '__overflow__';

/** A counter with a limit, and the Map that it is compared with. */
class Subject {
  readonly registry = quietRegistry();
  readonly #counter: Counter<readonly ['x']>;
  readonly #model = new Map<Key, Series>();
  readonly #clock: MockClock;
  readonly #maxSeries: number;
  #now = 0;

  constructor(clock: MockClock, maxSeries: number) {
    this.#clock = clock;
    this.#maxSeries = maxSeries;
    this.#counter = new Counter({ ...shared, name: 'm_total', maxSeries, registry: this.registry });
    this.wait(0);
  }

  wait(milliseconds: number): void {
    this.#now += milliseconds;
    this.#clock.to(this.#now);
  }

  inc(x: number): void {
    this.wait(1); // No two series were last used at the same time.
    this.#counter.inc({ x });
    const series = this.#model.get(x) ?? this.#add(x);
    series.value++;
    series.lastUse = this.#now;
  }

  remove(x: number): void {
    assert.equal(this.#counter.remove(x), this.#model.delete(x));
  }

  async check(): Promise<void> {
    for (const [key, series] of this.#model) if (this.#isExpired(series)) this.#model.delete(key);
    assert.deepEqual(
      await samples(this.registry),
      Array.from(this.#model, ([key, { value }]) => `m_total{x="${key}"} ${value}`),
    );
  }

  #add(x: number): Series {
    while (!this.#hasRoom && this.#dropOldest());
    const key = this.#hasRoom ? x : '__overflow__';
    const series = this.#model.get(key) ?? { value: 0, lastUse: this.#now };
    this.#model.set(key, series);
    return series;
  }

  get #hasRoom(): boolean {
    return this.#model.size - (this.#model.has('__overflow__') ? 1 : 0) < this.#maxSeries;
  }

  #dropOldest(): boolean {
    const [oldest] = [...this.#model].sort(([, one], [, other]) => one.lastUse - other.lastUse);
    return oldest !== undefined && this.#isExpired(oldest[1]) && this.#model.delete(oldest[0]);
  }

  #isExpired({ lastUse }: Series): boolean {
    return lastUse < this.#now - TTL;
  }
}

type Action = (subject: Subject) => void | Promise<void>;

const range = fc.record({ from: fc.nat(400), count: fc.nat(150) });

function each(action: (subject: Subject, x: number) => void): fc.Arbitrary<Action> {
  return range.map(({ from, count }) => (subject) => {
    for (let x = from; x < from + count; x++) action(subject, x);
  });
}

const actions: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: each((subject, x) => subject.inc(x)) },
  { weight: 1, arbitrary: each((subject, x) => subject.remove(x)) },
  {
    weight: 3,
    arbitrary: fc.nat(TTL).map(
      (time): Action =>
        (subject) =>
          subject.wait(time),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Action>((subject) => subject.check()) },
);

test('a limited metric behaves like a Map with the same limits', async (t) => {
  const clock = mockClock(t, 0);
  await fc.assert(
    fc.asyncProperty(fc.nat(120), fc.array(actions, { maxLength: 30, size: 'max' }), async (most, sequence) => {
      const subject = new Subject(clock, most + 1);
      for (const action of sequence) await action(subject);
      await subject.check();
    }),
    { numRuns: 150 },
  );
});
