/** A metric and a Map expose the same series after the same random operations in the same order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Gauge, type GaugeChild } from '../../../src/index.ts';
import { type Encoder, labelPairs } from '../../../src/model/index.ts';
import { mockClock } from '../clock.ts';
import { quietRegistry, samples } from '../exposed-samples.ts';

const TTL = 1000;
/** More than one encoding step handles, so that scrapes are sliced; enough that removals move rows. */
const MOST = 600;

interface Series {
  readonly x: number;
  readonly y: string;
  value: number;
  lastUse: number;
}

interface Range {
  readonly from: number;
  readonly count: number;
  readonly y: string;
}

/** A gauge with labels x and y, and the Map that it is compared with. Both are in order of creation. */
class Subject {
  readonly registry = quietRegistry();
  readonly gauge = new Gauge({
    name: 'g',
    help: '',
    labelNames: ['x', 'y'],
    ttlMs: TTL,
    maxSeries: Number.POSITIVE_INFINITY,
    registry: this.registry,
  });
  readonly model = new Map<string, Series>();
  readonly handles: { readonly child: GaugeChild; readonly series: Series }[] = [];
  readonly #setTime: (now: number) => void;
  now = 0;
  scrape: Scrape | undefined = undefined;

  constructor(setTime: (now: number) => void) {
    this.#setTime = setTime;
    setTime(0);
  }

  wait(milliseconds: number): void {
    this.now += milliseconds;
    this.#setTime(this.now);
  }

  add(x: number, y: string, amount: number): void {
    this.gauge.inc({ x, y }, amount);
    this.#series(x, y).value += amount;
  }

  keep(x: number, y: string): void {
    const child = this.gauge.labels(x, y);
    const known = this.model.has(keyOf(x, y));
    const lastUse = this.model.get(keyOf(x, y))?.lastUse;
    const series = this.#series(x, y);
    if (known && lastUse !== undefined) series.lastUse = lastUse; // Finding a child does not count as using its series.
    this.handles.push({ child, series });
  }

  useHandle(index: number, amount: number): void {
    const handle = this.handles[index % Math.max(1, this.handles.length)];
    if (handle === undefined) return;
    handle.child.inc(amount);
    handle.series.value += amount;
    handle.series.lastUse = this.now;
  }

  remove(x: number, y: string): void {
    assert.equal(this.gauge.remove(x, y), this.model.delete(keyOf(x, y)));
  }

  removeMatching(y: string): void {
    const matching = [...this.model].filter(([, series]) => series.y === y);
    assert.equal(this.gauge.removeMatching({ y }), matching.length);
    for (const [key] of matching) this.model.delete(key);
  }

  clear(): void {
    this.gauge.clear();
    this.model.clear();
  }

  reset(y: string): void {
    this.gauge.curry({ y }).reset();
    for (const series of this.model.values()) {
      if (series.y === y) Object.assign(series, { value: 0, lastUse: this.now });
    }
  }

  replace(rows: readonly { x: number; y: string; value: number }[]): void {
    this.gauge.replace(rows.map(({ x, y, value }) => [{ x, y }, value] as const));
    const kept = new Set(rows.map(({ x, y }) => keyOf(x, y)));
    for (const key of [...this.model.keys()]) if (!kept.has(key)) this.model.delete(key);
    for (const { x, y, value } of rows) this.#series(x, y).value = value;
  }

  async check(): Promise<void> {
    const lines = await samples(this.registry);
    this.#expire();
    assert.deepEqual(
      lines,
      Array.from(this.model.values(), ({ x, y, value }) => `g{x="${x}",y="${y}"} ${value}`),
    );
  }

  /** Begins a scrape, or continues the current one. */
  async step(): Promise<void> {
    if (this.scrape === undefined) {
      const gathering = await this.registry.gather();
      this.#expire();
      this.scrape = new Scrape(this.model);
      this.scrape.steps = gathering.steps(this.scrape);
    }
    if (this.scrape.goOn()) this.scrape = undefined;
  }

  #expire(): void {
    for (const [key, { lastUse }] of this.model) if (lastUse < this.now - TTL) this.model.delete(key);
  }

  #series(x: number, y: string): Series {
    const series = this.model.get(keyOf(x, y)) ?? { x, y, value: 0, lastUse: this.now };
    series.lastUse = this.now;
    this.model.set(keyOf(x, y), series);
    return series;
  }
}

/** Encodes a scrape in slices: each series that exists throughout occurs once, with its value at that moment. */
class Scrape implements Encoder {
  steps: Generator<void, void, void> | undefined = undefined;
  readonly #model: ReadonlyMap<string, Series>;
  #atStart: ReadonlySet<Series> | undefined = undefined;
  readonly #shown = new Set<Series>();

  constructor(model: ReadonlyMap<string, Series>) {
    this.#model = model;
  }

  goOn(): boolean {
    this.#atStart ??= new Set(this.#model.values());
    const isDone = this.steps?.next().done === true;
    if (!isDone) return false;
    for (const series of this.#model.values()) {
      if (this.#atStart.has(series)) assert.ok(this.#shown.has(series), 'a series that was there is shown');
    }
    return true;
  }

  gauge(point: Parameters<Encoder['gauge']>[0], value: number): void {
    const [x, y] = labelPairs(point.labels).map(([, text]) => text);
    const series = this.#model.get(keyOf(Number(x), y ?? ''));
    assert.ok(series !== undefined && this.#atStart?.has(series) && !this.#shown.has(series));
    assert.equal(value, series.value);
    this.#shown.add(series);
  }

  family(): void {}
  counter(): void {}
  unknown(): void {}
  histogram(): void {}
  summary(): void {}
  info(): void {}
  stateSet(): void {}
}

function keyOf(x: number, y: string): string {
  return JSON.stringify([x, y]);
}

type Action = (subject: Subject) => void | Promise<void>;

const y = fc.constantFrom('a', '');
const amount = fc.integer({ min: -5, max: 5 });
const count = fc.oneof(fc.nat(120), fc.constant(MOST));
const range: fc.Arbitrary<Range> = fc.record({ from: fc.nat(50), count, y });

function each({ from, count }: Range, action: (x: number) => void): void {
  for (let x = from; x < from + count; x++) action(x);
}

/** Actions that add series and use handles are more frequent than those that remove them, so that tables fill up. */
const actions: fc.Arbitrary<readonly [name: string, action: Action]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(range, amount)
      .map(([one, by]) => named(`add ${by} to ${describe(one)}`, (s) => each(one, (x) => s.add(x, one.y, by)))),
  },
  {
    weight: 4,
    arbitrary: range.map((one) => named(`keep ${describe(one)}`, (s) => each(one, (x) => s.keep(x, one.y)))),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat(MOST), count, amount).map(([from, times, by]) =>
      named(`add ${by} by ${times} handles from ${from}`, (s) => {
        for (let index = from; index < from + times; index++) s.useHandle(index, by);
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: range.map((one) => named(`remove ${describe(one)}`, (s) => each(one, (x) => s.remove(x, one.y)))),
  },
  { weight: 1, arbitrary: y.map((one) => named(`removeMatching ${one}`, (s) => s.removeMatching(one))) },
  { weight: 1, arbitrary: y.map((one) => named(`reset ${one}`, (s) => s.reset(one))) },
  { weight: 1, arbitrary: fc.constant(named('clear', (s) => s.clear())) },
  {
    weight: 1,
    arbitrary: range.map((one) =>
      named(`replace by ${describe(one)}`, (s) => {
        s.replace(Array.from({ length: one.count }, (_, index) => ({ x: one.from + index, y: one.y, value: index })));
      }),
    ),
  },
  { weight: 2, arbitrary: fc.nat(TTL / 2).map((time) => named(`wait ${time}`, (s) => s.wait(time))) },
  { weight: 3, arbitrary: fc.constant(named('scrape', (s) => s.check())) },
  { weight: 3, arbitrary: fc.constant(named('step', (s) => s.step())) },
);

function named(name: string, action: Action): readonly [name: string, action: Action] {
  return [name, action];
}

function describe({ from, count, y: label }: Range): string {
  return `${from}..${from + count} ${label}`;
}

test('series, handles and sliced scrapes behave like a Map', async (t) => {
  const clock = mockClock(t, 0);
  await fc.assert(
    fc.asyncProperty(fc.array(actions, { minLength: 1, maxLength: 30, size: 'max' }), async (sequence) => {
      const subject = new Subject((now) => clock.to(now));
      for (const [, action] of sequence) await action(subject);
      await subject.check();
      while (subject.scrape !== undefined) await subject.step();
      await subject.check();
    }),
    { numRuns: 150 },
  );
});
