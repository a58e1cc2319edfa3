/** Every call with labels rejects undeclared labels, even if the series already exists. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Info, PeakGauge, type Registry, StateSet, Summary } from '../../src/index.ts';
import { quietRegistry, samples } from './exposed-samples.ts';

interface Labels {
  readonly a: string;
  readonly b: string;
}

const RIGHT: Labels = { a: '1', b: '2' };
const WRONG: readonly Labels[] = [
  { ...RIGHT, extra: 'x' } as Labels,
  { extra: undefined, ...RIGHT } as Labels,
  { ...RIGHT, ...Object.fromEntries([['extra', null]]) },
];

const shared = { help: '', labelNames: ['a', 'b'] } as const;

type Call = (labels: Labels) => unknown;

const counter = (registry: Registry) => new Counter({ ...shared, name: 'm_total', registry });
const gauge = (registry: Registry) => new Gauge({ ...shared, name: 'm', registry });
const histogram = (registry: Registry) => new Histogram({ ...shared, name: 'm', buckets: [1], registry });
const summary = (registry: Registry) => new Summary({ ...shared, name: 'm', registry });
const info = (registry: Registry) => new Info({ ...shared, name: 'm', registry });
const peak = (registry: Registry) => new PeakGauge({ ...shared, name: 'm', registry });
const states = (registry: Registry) => new StateSet({ ...shared, name: 'm', states: ['on', 'off'], registry });
const normalizing = (registry: Registry) => new Gauge({ ...shared, name: 'm', normalize: { a: String }, registry });
const closed = (registry: Registry) =>
  new Gauge({ help: '', name: 'm', labelNames: { a: ['1', '3'], b: String }, initialize: false, registry });

const calls: readonly [what: string, make: (registry: Registry) => Call][] = [
  ['Counter.inc()', (registry) => on(counter(registry), (m, labels) => m.inc(labels))],
  ['Counter.inc(), with a value', (registry) => on(counter(registry), (m, labels) => m.inc(labels, 2))],
  ['Counter.inc(), with an exemplar', (registry) => on(counter(registry), (m, labels) => m.inc(labels, 2, { t: 'x' }))],
  ['Counter.incTo()', (registry) => on(counter(registry), (m, labels) => m.incTo(labels, 2))],
  ['Counter.countErrors()', (registry) => on(counter(registry), (m, labels) => m.countErrors(labels, () => {}))],
  ['Counter.labels()', (registry) => on(counter(registry), (m, labels) => m.labels(labels))],
  ['Counter.remove()', (registry) => on(counter(registry), (m, labels) => m.remove(labels))],
  ['Counter.removeMatching()', (registry) => on(counter(registry), (m, labels) => m.removeMatching(labels))],
  ['Counter.curry()', (registry) => on(counter(registry), (m, labels) => m.curry(labels))],
  ['Gauge.set()', (registry) => on(gauge(registry), (m, labels) => m.set(labels, 2))],
  ['Gauge.inc()', (registry) => on(gauge(registry), (m, labels) => m.inc(labels))],
  ['Gauge.dec()', (registry) => on(gauge(registry), (m, labels) => m.dec(labels, 2))],
  ['Gauge.setToCurrentTime()', (registry) => on(gauge(registry), (m, labels) => m.setToCurrentTime(labels))],
  ['Gauge.startTimer()', (registry) => on(gauge(registry), (m, labels) => m.startTimer(labels))],
  ['Gauge.trackInProgress()', (registry) => on(gauge(registry), (m, labels) => m.trackInProgress(labels, () => {}))],
  ['Gauge.replace()', (registry) => on(gauge(registry), (m, labels) => m.replace([[labels, 2]]))],
  ['Histogram.observe()', (registry) => on(histogram(registry), (m, labels) => m.observe(labels, 2))],
  ['Histogram.observeMany()', (registry) => on(histogram(registry), (m, labels) => m.observeMany(labels, 2, 3))],
  ['Histogram.time()', (registry) => on(histogram(registry), (m, labels) => m.time(labels, () => {}))],
  ['the end of a timer', (registry) => on(histogram(registry), (m, labels) => m.startTimer()(labels))],
  ['a timer of a histogram', (registry) => on(histogram(registry), (m, labels) => m.startTimer(labels)())],
  ['Summary.observe()', (registry) => on(summary(registry), (m, labels) => m.observe(labels, 2))],
  ['Info.add()', (registry) => on(info(registry), (m, labels) => m.add(labels))],
  ['Info.set()', (registry) => on(info(registry), (m, labels) => m.set(labels))],
  ['Info.replace()', (registry) => on(info(registry), (m, labels) => m.replace([labels]))],
  ['PeakGauge.observe()', (registry) => on(peak(registry), (m, labels) => m.observe(labels, 2))],
  ['StateSet.set()', (registry) => on(states(registry), (m, labels) => m.set(labels, 'on'))],
  ['StateSet.switchTo()', (registry) => on(states(registry), (m, labels) => m.switchTo(labels, 'on'))],
  ['set(), with a normalized label', (registry) => on(normalizing(registry), (m, labels) => m.set(labels, 2))],
  ['set(), with a closed list of values', (registry) => on(closed(registry), (m, labels) => m.set({ ...labels, a: '1' }, 2))], // biome-ignore format: a table
];

function on<M>(metric: M, call: (metric: M, labels: Labels) => unknown): Call {
  return (labels) => call(metric, labels);
}

for (const [what, make] of calls) {
  test(`${what} refuses an undeclared label, whether the series exists or not`, async () => {
    const registry = quietRegistry();
    const call = make(registry);
    const message = /^m(_total|_info)? has no label extra; it has a, b\.$/;
    for (const wrong of WRONG) assert.throws(() => call(wrong), { name: 'TypeError', message });
    assert.deepEqual(await samples(registry), []);
    call(RIGHT);
    const before = await samples(registry);
    for (const wrong of WRONG) assert.throws(() => call(wrong), { name: 'TypeError', message });
    assert.deepEqual(await samples(registry), before);
  });
}

test('a curried metric refuses undeclared labels and those that are bound', async () => {
  const registry = quietRegistry();
  const bound = gauge(registry).curry({ b: '2' });
  bound.set({ a: '1' }, 1);
  const set = (labels: object) => () => bound.set(labels as { a: string }, 2);
  assert.throws(set({ a: '1', extra: 'x' }), new TypeError('m has no label extra; it has a, b.'));
  assert.throws(set({ a: '1', b: '2' }), new TypeError('m: label b is bound by curry().'));
  assert.throws(set({ b: '2' }), new TypeError('m: label b is bound by curry().'));
  assert.throws(set({}), new TypeError('m: label a is missing.'));
  assert.throws(() => bound.remove({ a: '1', extra: 'x' } as { a: string }), { message: /has no label extra/ });
  assert.throws(() => bound.labels({ a: '1', extra: 'x' } as { a: string }), { message: /has no label extra/ });
  assert.deepEqual(await samples(registry), ['m{a="1",b="2"} 1']);
});

test('a metric without labels refuses every object', async () => {
  const registry = quietRegistry();
  const metric = new Gauge({ name: 'm', help: '', registry });
  const wrong = [{}, { extra: 'x' }, { extra: undefined }, Object.create(null), Object.create({ a: 1 }), [], null];
  for (const labels of wrong) {
    for (const call of ['set', 'inc', 'dec', 'labels'] as const) {
      // @ts-expect-error wrong on purpose
      assert.throws(() => metric[call](labels, 5), TypeError, `${call}(${JSON.stringify(labels)})`);
    }
  }
  assert.deepEqual(await samples(registry), ['m 0']);
});

const superfluous: readonly [names: readonly string[], values: readonly unknown[]][] = [
  [[], ['x']],
  [[], [undefined, 'x']],
  [['a'], ['1', 'x']],
  [['a'], ['1', undefined, 'x']],
  [['a'], ['1', undefined, undefined, 'x']],
  [
    ['a', 'b'],
    ['1', '2', 'x'],
  ],
  [
    ['a', 'b'],
    ['1', '2', undefined, 'x'],
  ],
  [
    ['a', 'b', 'c'],
    ['1', '2', '3', 'x'],
  ],
  [
    ['a', 'b', 'c', 'd'],
    ['1', '2', '3', '4', 'x'],
  ],
  [
    ['a', 'b', 'c', 'd'],
    ['1', '2', '3', '4', undefined, 'x'],
  ],
];

for (const [labelNames, values] of superfluous) {
  for (const curried of [false, true]) {
    const what = `[${values.map(String).join()}] are too many values for ${labelNames.length} labels`;
    test(`${what}${curried ? ' beside one that is bound' : ''}`, () => {
      const names = curried ? ['bound', ...labelNames] : labelNames;
      const options = { name: 'm', help: '', labelNames: names, registry: null };
      const metric = curried ? new Gauge(options).curry({ bound: 'x' }) : new Gauge(options);
      const first = labelNames.map((_, index) => String(index + 1));
      if (first.length > 0) metric.labels(...(first as [string])).set(1);
      assert.throws(() => metric.labels(...(values as [string])), TypeError);
      assert.throws(() => metric.remove(...(values as [string])), TypeError);
      assert.equal(metric.children().length, first.length > 0 || (!curried && names.length === 0) ? 1 : 0);
    });
  }
}

test('labels are passed as one object or as values, not both', () => {
  const metric = new Gauge({ name: 'm', help: '', labelNames: ['a'], registry: null });
  metric.set({ a: '1' }, 1);
  const mixed = new TypeError('m takes its labels either as one object or as values, not both.');
  for (const others of [['x'], [undefined, 'x'], [undefined, undefined, 'x'], [{ a: '1' }]]) {
    // @ts-expect-error wrong on purpose
    assert.throws(() => metric.labels({ a: '1' }, ...others), mixed);
    // @ts-expect-error wrong on purpose
    assert.throws(() => metric.remove({ a: '1' }, ...others), mixed);
  }
  assert.equal(metric.children().length, 1);
});
