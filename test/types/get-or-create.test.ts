/** Types of the metrics that `getOrCreate()` returns; the tests pass if they compile. */
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Info, Registry, StateSet, Summary } from '../../src/index.ts';

const registry = new Registry();

test('a counter has the requested labels', () => {
  const counter: Counter<readonly ['a']> = registry.getOrCreate(Counter, { name: 'c', help: '', labelNames: ['a'] });
  counter.inc({ a: 'x' });
  const wrong = () => {
    // @ts-expect-error there is no label b
    counter.inc({ b: 'x' });
    // @ts-expect-error label a is missing
    counter.inc();
  };
  void wrong;
});

test('a gauge has the requested label values', () => {
  const labelNames = { method: ['GET', 'POST'], code: String } as const;
  const gauge = registry.getOrCreate(Gauge, { name: 'g', help: '', labelNames });
  gauge.set({ method: 'GET', code: '200' }, 1);
  const inPlace = registry.getOrCreate(Gauge, {
    name: 'g',
    help: '',
    labelNames: { method: ['GET', 'POST'], code: String },
  });
  inPlace.set({ method: 'POST', code: '200' }, 1);
  const wrong = () => {
    // @ts-expect-error PUT is not listed
    gauge.set({ method: 'PUT', code: '200' }, 1);
    // @ts-expect-error PUT is not listed here either
    inPlace.set({ method: 'PUT', code: '200' }, 1);
  };
  void wrong;
});

test('a histogram has the requested labels', () => {
  const histogram: Histogram<readonly ['a', 'b']> = registry.getOrCreate(Histogram, {
    name: 'h',
    help: '',
    labelNames: ['a', 'b'],
    buckets: [1, 2],
  });
  histogram.observe({ a: 1, b: 2 }, 3);
  const wrong = () => {
    // @ts-expect-error label b is missing
    histogram.observe({ a: 1 }, 3);
  };
  void wrong;
});

test('a summary has the requested labels', () => {
  const summary: Summary<readonly ['a']> = registry.getOrCreate(Summary, {
    name: 's',
    help: '',
    labelNames: ['a'],
    quantiles: [0.5],
  });
  summary.observe({ a: 1 }, 3);
  const wrong = () => {
    // @ts-expect-error there are labels
    summary.observe(3);
  };
  void wrong;
});

test('infos and state sets have the requested labels', () => {
  registry.getOrCreate(Info, { name: 'i', help: '', labelNames: ['version'] }).set({ version: '1' });
  const set = registry.getOrCreate(StateSet, { name: 't', help: '', states: ['on', 'off'] });
  set.switchTo('on');
  const wrong = () => {
    // @ts-expect-error unknown state
    set.switchTo('up');
  };
  void wrong;
});

test('no labels are passed to a metric without labels', () => {
  const counter: Counter = registry.getOrCreate(Counter, { name: 'bare', help: '' });
  counter.inc(2);
  const wrong = () => {
    // @ts-expect-error there are no labels
    counter.inc({ a: 1 });
  };
  void wrong;
});

test('required options of a metric cannot be omitted', () => {
  const wrong = () => {
    // @ts-expect-error help is missing
    registry.getOrCreate(Counter, { name: 'c' });
    // @ts-expect-error help is a string
    registry.getOrCreate(Counter, { name: 'c', help: 1 });
    // @ts-expect-error buckets are numbers
    registry.getOrCreate(Histogram, { name: 'c', help: '', buckets: ['1'] });
  };
  void wrong;
});

test('a callback has typed parameters if their types are declared', () => {
  const gauge: Gauge<readonly ['a']> = registry.getOrCreate(Gauge, {
    name: 'updated',
    help: '',
    labelNames: ['a'],
    collect: (metric: Gauge<readonly ['a']>) => metric.set({ a: 1 }, 2),
  });
  gauge.set({ a: 1 }, 2);
});
