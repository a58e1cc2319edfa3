/** Metrics with any number of labels, states and quantiles are created and updated in linear time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, StateSet, Summary } from '../../src/index.ts';
import { assertCpuTime } from '../cpu-time.ts';

const COUNT = 100_000;
/** Linear time is at most a second, quadratic time at least six. */
const LIMIT_MS = 4_000;

const shared = { help: '', registry: null } as const;

function range<T>(make: (index: number) => T): T[] {
  return Array.from({ length: COUNT }, (_, index) => make(index));
}

const names = range((index) => `l${index}`);
const labels = Object.fromEntries(names.map((name) => [name, name]));
const states = range((index) => `s${index}`);

const cases: Readonly<Record<string, () => void>> = {
  'a metric with many labels': () => {
    const counter = new Counter({ ...shared, name: 'c_total', labelNames: names });
    counter.inc(labels);
    assert.throws(() => counter.inc({ ...labels, extra: 'x' }), /has no label extra/);
    assert.equal(counter.removeMatching(labels), 1);
  },
  'a metric with many labels, all normalized': () => {
    const normalize = Object.fromEntries(names.map((name) => [name, (value: string) => value]));
    new Gauge({ ...shared, name: 'g', labelNames: names, normalize }).set(labels, 1);
  },
  'a metric with many labels and many constant ones': () => {
    const constLabels = Object.fromEntries(names.map((name) => [`const_${name}`, name]));
    new Gauge({ ...shared, name: 'g', labelNames: names, constLabels });
  },
  'a state set with many states': () => {
    const set = new StateSet({ ...shared, name: 's', states });
    for (const state of states) set.set(state, true);
  },
  'a summary with many quantiles': () => {
    const quantiles = Array.from({ length: 3 * COUNT }, (_, index) => index / (3 * COUNT));
    new Summary({ ...shared, name: 's', quantiles });
  },
};

for (const [what, run] of Object.entries(cases)) {
  test(`${what} takes linear time`, () => {
    assertCpuTime(LIMIT_MS, run);
  });
}
