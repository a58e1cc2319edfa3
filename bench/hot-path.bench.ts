import { combinationsOf, randomNumbers, shuffled } from './label-values.ts';
import type { Client, Histogram, HistogramOptions, Options } from './library.ts';
import type { Case, Question, SetUp } from './question.ts';
import { timed } from './timing.ts';

/** Too many for branch predictors to learn. */
const CALLS = 8192;
const SERIES = combinationsOf(3, 100);
const LABELS = shuffled(SERIES, CALLS);
const labelNames = Object.keys(LABELS[0]!);
/** Durations of requests, from 2 ms to 40 s. Not the numbers that choose the labels: each series has all durations. */
const DURATIONS = randomNumbers(2 * CALLS)
  .subarray(CALLS)
  .map((random) => 0.002 * 20_000 ** random);
const DEFAULT_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Returns this many bounds, from a millisecond to twenty seconds. */
function bounds(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => 0.001 * 20_000 ** (index / (count - 1)));
}

function plain(name: string): Options {
  return { name, help: 'Help.', labelNames: [] };
}

function labelled(name: string): Options {
  return { name, help: 'Help.', labelNames };
}

function call(name: string, setUp: SetUp): Case {
  return timed(name, setUp, { units: CALLS });
}

const counters: readonly Case[] = [
  call('counter.inc()', (client) => {
    const counter = client.counter?.(plain('c_total'));
    return (
      counter &&
      (() => {
        for (let index = 0; index < CALLS; index++) counter.inc();
        return counter;
      })
    );
  }),
  call('counter child.inc()', (client) => {
    const counter = client.counter?.(labelled('c_total'));
    if (counter?.labels === undefined) return undefined;
    const children = LABELS.map((labels) => counter.labels!(labels));
    return () => {
      for (const child of children) child.inc();
      return children;
    };
  }),
  call('counter.labels(3 values).inc()', (client) => {
    const counter = client.counter?.(labelled('c_total'));
    if (counter?.labels === undefined) return undefined;
    return () => {
      for (const { method, status, route } of LABELS) counter.labels!(method!, status!, route!).inc();
      return counter;
    };
  }),
];

const gauges: readonly Case[] = [
  call('gauge.set(v)', (client) => {
    const gauge = client.gauge?.(plain('g'));
    return (
      gauge &&
      (() => {
        for (const value of DURATIONS) gauge.set(value);
        return gauge;
      })
    );
  }),
  call('gauge child.set(v)', (client) => {
    const gauge = client.gauge?.(labelled('g'));
    if (gauge?.labels === undefined) return undefined;
    const children = LABELS.map((labels) => gauge.labels!(labels));
    return () => {
      for (let index = 0; index < CALLS; index++) children[index]!.set(DURATIONS[index]!);
      return children;
    };
  }),
  call('gauge.set({ 3 labels }, v)', (client) => {
    const gauge = client.gauge?.(labelled('g'));
    return (
      gauge &&
      (() => {
        for (let index = 0; index < CALLS; index++) {
          const { method, status, route } = LABELS[index]!;
          gauge.set({ method: method!, status: status!, route: route! }, DURATIONS[index]!);
        }
        return gauge;
      })
    );
  }),
];

type Make = (client: Client, options: Options) => Histogram | undefined;

/** Number of durations that each series has observed before: native histograms then have all their buckets. */
const OBSERVED_BEFORE = 1000;

/** Returns a metric whose series have been used for some time. */
function used(metric: Histogram | undefined): Histogram | undefined {
  if (metric === undefined) return undefined;
  for (const labels of SERIES) {
    for (const value of DURATIONS.subarray(0, OBSERVED_BEFORE)) metric.observe(labels, value);
  }
  return metric;
}

/** Ways to call metrics with `observe()`. */
function observed(name: string, make: Make): Readonly<Record<'plain' | 'child' | 'byLabels' | 'byName', Case>> {
  return {
    plain: call(`${name}: observe(v)`, (client) => {
      const metric = make(client, plain('h'));
      return (
        metric &&
        (() => {
          for (const value of DURATIONS) metric.observe(value);
          return metric;
        })
      );
    }),
    child: call(`${name}: child.observe(v)`, (client) => {
      const metric = used(make(client, labelled('h')));
      if (metric?.labels === undefined) return undefined;
      const children = LABELS.map((labels) => metric.labels!(labels));
      return () => {
        for (let index = 0; index < CALLS; index++) children[index]!.observe(DURATIONS[index]!);
        return children;
      };
    }),
    byLabels: call(`${name}: labels(3 values).observe(v)`, (client) => {
      const metric = used(make(client, labelled('h')));
      if (metric?.labels === undefined) return undefined;
      return () => {
        for (let index = 0; index < CALLS; index++) {
          const { method, status, route } = LABELS[index]!;
          metric.labels!(method!, status!, route!).observe(DURATIONS[index]!);
        }
        return metric;
      };
    }),
    byName: call(`${name}: observe({ 3 labels }, v)`, (client) => {
      const metric = used(make(client, labelled('h')));
      return (
        metric &&
        (() => {
          for (let index = 0; index < CALLS; index++) {
            const { method, status, route } = LABELS[index]!;
            metric.observe({ method: method!, status: status!, route: route! }, DURATIONS[index]!);
          }
          return metric;
        })
      );
    }),
  };
}

function classic(upperBounds: readonly number[]): Make {
  return (client, options) => client.histogram?.({ ...options, upperBounds } satisfies HistogramOptions);
}

const elevenBuckets = observed('histogram, 11 buckets', classic(DEFAULT_BOUNDS));
const fiftyBuckets = observed('histogram, 50 buckets', classic(bounds(50)));
const manyBuckets = observed('histogram, 200 buckets', classic(bounds(200)));
const native = observed('native histogram', (client, options) => client.nativeHistogram?.(options));
const summaries = observed('summary, 3 quantiles', (client, options) =>
  client.summary?.({ ...options, quantiles: [0.5, 0.9, 0.99] }),
);

export default {
  title: 'Hot paths: time per call without labels, on a child, and with 3 labels of 100 combinations',
  cases: [
    ...counters,
    ...gauges,
    ...Object.values(elevenBuckets),
    fiftyBuckets.plain,
    fiftyBuckets.child,
    manyBuckets.plain,
    manyBuckets.child,
    ...Object.values(native),
    ...Object.values(summaries),
  ],
} satisfies Question;
