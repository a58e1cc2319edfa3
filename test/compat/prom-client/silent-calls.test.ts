/** Calls that prom-client and its successor accept silently do not throw, except those of `dec()` that make a gauge NaN. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as io from '../prometheus-io-client/libraries.ts';
import { type Loose, loose, looseClass, promClient, zeroprom } from './libraries.ts';

const VALUES: readonly unknown[] = [
  ...[undefined, null, true, false, 0, -0, 5, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...['', '5', '-5', '3ms', 'NaN', 'Infinity', ' ', '0x10', '1e3', '__proto__'],
  ...[10n, 0n, -1n, Symbol('s'), () => 1, new Date(5), /x/, Object(5), new Map([[1, 2]])],
  ...[[], [5], ['a'], [1, 2], {}, { value: 1 }, { labels: null }, { a: 'x' }, { z: 'x' }, { valueOf: () => 5 }],
  ...[Object.create(null), { toString: () => ({}) }, { labels: { a: 'x' }, value: 'y' }, { exemplarLabels: null }],
  { exemplarLabels: { id: 'x'.repeat(200) } },
];

const METHODS = ['inc', 'dec', 'set', 'observe', 'setToCurrentTime', 'zero', 'remove'];

/** Calls on a metric with the label `a`, by name. Metrics that lack the method are not called. */
const calls = new Map<string, (metric: Loose, value: unknown) => unknown>();
for (const method of METHODS) {
  calls.set(`${method}(value)`, (metric, value) => metric[method]?.(value));
  calls.set(`${method}(labels, value)`, (metric, value) => metric[method]?.({ a: 'x' }, value));
  calls.set(`${method}({ a: value }, 1)`, (metric, value) => metric[method]?.({ a: value }, 1));
  calls.set(`${method}({ labels, value })`, (metric, value) => metric[method]?.({ labels: { a: 'x' }, value }));
  calls.set(`labels('x').${method}(value)`, (metric, value) => child(metric, 'x')[method]?.(value));
  calls.set(`labels(value).${method}(1)`, (metric, value) => child(metric, value)[method]?.(1));
}
calls.set('startTimer(value)()', (metric, value) => end(metric['startTimer']?.(value)));
calls.set('startTimer()(value)', (metric, value) => end(metric['startTimer']?.(), value));
calls.set("labels('x').startTimer()(value)", (metric, value) => end(child(metric, 'x')['startTimer']?.(), value));

function child(metric: Loose, value: unknown): Loose {
  return loose(metric['labels']?.(value) as object); // labels() returns an object or throws.
}

function end(timer: unknown, value?: unknown): void {
  if (typeof timer === 'function') timer(value);
}

/** Makes a call on a new metric; returns whether it throws, and whether a value of the metric is NaN afterwards. */
async function outcome(library: object, type: string, enableExemplars: boolean, call: (metric: Loose) => unknown) {
  const { [type]: Type, Registry } = library as Readonly<Record<string, unknown>>;
  const registry = new (looseClass(Registry))();
  if (enableExemplars) registry['setContentType']?.('application/openmetrics-text; version=1.0.0; charset=utf-8');
  const metric = new (looseClass(Type))({
    name: 'm',
    help: 'H',
    labelNames: ['a'],
    registers: [registry],
    enableExemplars,
  });
  let throws = false;
  try {
    call(metric);
  } catch {
    throws = true;
  }
  // Some calls break the metrics of prom-client.
  const text = await Promise.resolve(registry['metrics']?.()).catch(() => '');
  return { throws, hasNaN: / Nan$/m.test(String(text)) };
}

for (const [name, original, dropIn] of [
  ['prom-client', promClient, zeroprom],
  ['@prometheus-io/client', io.successor, io.zeroprom],
] as const) {
  for (const type of ['Counter', 'Gauge', 'Histogram', 'Summary']) {
    for (const enableExemplars of type === 'Counter' || type === 'Histogram' ? [false, true] : [false]) {
      const title = `${type}${enableExemplars ? ' with exemplars' : ''}`;
      test(`${title} throws only for values that ${name} rejects`, async () => {
        for (const [call, run] of calls) {
          // With exemplars, prom-client takes the labels at the end of a child's timer for a whole call.
          if (enableExemplars && call.includes(').startTimer()(')) continue;
          for (const value of VALUES) {
            const expected = await outcome(original, type, enableExemplars, (metric) => run(metric, value));
            const actual = await outcome(dropIn, type, enableExemplars, (metric) => run(metric, value));
            const isRejected = expected.throws || (call.includes('dec(') && expected.hasNaN);
            assert.ok(
              !actual.throws || isRejected,
              `${call} throws for ${typeof value} ${JSON.stringify(value, texts)}`,
            );
          }
        }
      });
    }
  }
}

function texts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
