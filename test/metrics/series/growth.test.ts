/** Series stay where calls find them while the table, its index and the lists of label values grow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counter } from '../../../src/index.ts';
import { quietRegistry, samples } from '../exposed-samples.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const OPERATIONS = 3000;

/** A counter, and a Map with the values that its series should have, in order of creation. */
class Subject {
  readonly registry = quietRegistry();
  readonly counter: Counter<readonly string[]>;
  readonly model = new Map<string, number>();
  readonly #names: readonly string[];

  constructor(width: number) {
    this.#names = NAMES.slice(0, width);
    const options = { name: 'c_total', help: '', maxSeries: Number.POSITIVE_INFINITY, registry: this.registry };
    this.counter = new Counter<readonly string[]>({ ...options, labelNames: this.#names });
  }

  /** The first value distinguishes all series, and each of the others few of them. */
  values(series: number): [string, ...string[]] {
    return [`s${series}`, ...this.#names.slice(1).map((_, index) => String(series % (index + 3)))];
  }

  incByName(series: number): void {
    this.counter.inc(this.#labels(series));
    this.#count(series);
  }

  incByPosition(series: number): void {
    this.counter.labels(...this.values(series)).inc();
    this.#count(series);
  }

  remove(series: number): void {
    assert.equal(this.counter.remove(this.#labels(series)), this.model.delete(this.#keyOf(series)));
  }

  async check(): Promise<void> {
    assert.deepEqual(
      await samples(this.registry),
      Array.from(this.model, ([key, value]) => `c_total{${key}} ${value}`),
    );
  }

  #count(series: number): void {
    const key = this.#keyOf(series);
    this.model.set(key, (this.model.get(key) ?? 0) + 1);
  }

  #labels(series: number): Record<string, string> {
    return Object.fromEntries(this.values(series).map((value, index) => [NAMES[index], value]));
  }

  #keyOf(series: number): string {
    return this.values(series)
      .map((value, index) => `${NAMES[index]}="${value}"`)
      .join(',');
  }
}

for (const width of [1, 2, 3, 4, 5]) {
  test(`with ${width} label(s), calls find all series while others are added and removed`, async () => {
    const shares = fc.record({ found: fc.nat(9), removed: fc.nat(4), seed: fc.nat(2 ** 31 - 1) });
    await fc.assert(
      fc.asyncProperty(shares, async ({ found, removed, seed }) => {
        const subject = new Subject(width);
        const random = randomsFrom(seed);
        let added = 0;
        for (let operation = 0; operation < OPERATIONS; operation++) {
          const kind = random(10 + found + removed);
          if (kind < 10) subject.incByName(added++);
          else if (kind >= 10 + found) subject.remove(random(added + 1));
          else if (kind % 2 === 0) subject.incByName(random(added + 1));
          else subject.incByPosition(random(added + 1));
        }
        await subject.check();
      }),
      { numRuns: 10 },
    );
  });
}

test('series of a large metric keep their values while it grows', async () => {
  const subject = new Subject(2);
  for (let series = 0; series < 150_000; series++) {
    subject.incByName(series);
    if (series % 3 === 0) subject.incByPosition(series >> 1);
  }
  await subject.check();
});

test('series of a large metric are removed shortly before and after it grows', async () => {
  const subject = new Subject(2);
  for (let series = 0; series < 120_000; series++) {
    subject.incByName(series);
    if (series > 60_000 && series % 2 === 0) subject.remove(series - 60_000);
  }
  assert.equal(subject.counter.removeMatching({ b: '1' }), countOf(subject.model, 'b="1"'));
  for (const key of subject.model.keys()) if (key.includes('b="1"')) subject.model.delete(key);
  for (let series = 120_000; series < 240_000; series++) subject.incByName(series);
  await subject.check();
});

test('removed series that an unfinished scrape keeps in their places do not hide others', async () => {
  const subject = new Subject(2);
  const alive = 100;
  subject.counter.pin(); // As an encoder of a slow scrape does.
  for (let series = 0; series < 20_000; series++) {
    subject.incByName(series);
    if (series >= alive) subject.remove(series - alive);
    if (series % 8 === 0) subject.incByPosition(Math.max(series - (series % alive), 0));
  }
  for (let series = 20_000; series < 22_000; series++) subject.incByName(series);
  for (let series = 20_000 - alive; series < 22_000; series++) subject.incByPosition(series);
  subject.counter.unpin();
  await subject.check();
});

test('after many removed series that a scrape keeps in their places, few others find room while the slots grow', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(3000), fc.nat(100), async (before, alive) => {
      const subject = new Subject(3);
      for (let series = 0; series < before; series++) subject.incByName(series);
      subject.counter.pin();
      for (let series = 0; series < before; series++) subject.remove(series);
      for (let series = before; series < before + 3000; series++) {
        subject.incByName(series);
        if (series > before + alive) subject.remove(series); // The first ones remain.
      }
      subject.counter.unpin();
      await subject.check();
    }),
    { numRuns: 50 },
  );
});

test('a label may have very many values of all types', () => {
  const counter = new Counter({
    name: 'c_total',
    help: '',
    labelNames: ['id'],
    maxSeries: Number.POSITIVE_INFINITY,
    registry: null,
  });
  const count = 100_000;
  for (const round of [1, 2]) {
    for (let id = 0; id < count; id++) {
      counter.inc({ id: id % 3 === 0 ? id / 4 : `client ${id}` });
      if (id % 3 === 0) counter.inc({ id: String(id / 4) });
    }
    assert.equal(counter.children().length, count, `round ${round}`);
  }
});

for (const [kind, makeValue] of Object.entries({
  'agree in length, end and middle': (index: number) => `${String(index).padStart(5, '0')}-m-same-end`,
  'are short': (index: number) => String.fromCharCode(...(index < 256 ? [index] : [index >> 8, index & 255])),
  'are long': (index: number) => `/${index}${'/path'.repeat(1 + (index % 500))}`,
  'are numbers as texts': (index: number) => String(index),
})) {
  test(`label values that ${kind} are not confused`, () => {
    const counter = new Counter({ name: 'c_total', help: '', labelNames: ['value'], registry: null });
    const values = Array.from({ length: 2000 }, (_, index) => makeValue(index));
    for (const value of values) {
      counter.inc({ value });
      counter.inc({ value: built(value) });
    }
    const shown = counter.children().map(({ labels }) => labels.value);
    assert.deepEqual(shown, [...new Set(values)]);
  });
}

/** Returns an equal string that the engine has just built. */
function built(text: string): string {
  return [...text.slice(0, 3)].join('') + text.slice(3);
}

function countOf(model: ReadonlyMap<string, number>, part: string): number {
  return [...model.keys()].filter((key) => key.includes(part)).length;
}

/** Returns a generator of numbers below a limit (linear congruential). */
function randomsFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}
