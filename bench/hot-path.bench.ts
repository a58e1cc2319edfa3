import prom from 'prom-client';
import { zeroprom } from './built.ts';
import type { Case, Question, Work } from './question.ts';

const { Counter, Gauge, Histogram, Summary } = zeroprom;
const CALLS = 1000;
const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'];
const CODES = ['200', '201', '404', '500'];
const ROUTES = ['/', '/users', '/users/:id', '/orders', '/orders/:id'];

/** A hundred combinations, walked in an order that no branch predictor guesses. */
const COMBINATIONS = METHODS.flatMap((method) =>
  CODES.flatMap((code) => ROUTES.map((route) => ({ method, code, route }))),
);
const ORDER = Array.from(
  { length: CALLS },
  (_, index) => COMBINATIONS[(index * 37) % 100] ?? { method: '', code: '', route: '' },
);
const labelNames = ['method', 'code', 'route'] as const;
const options = { name: 'c_total', help: 'Help.' };

interface LabelValues {
  readonly method: string;
  readonly code: string;
  readonly route: string;
}

function incWithLabels(counter: { inc(labels: LabelValues): void }): Work {
  return () => {
    // A fresh object for each call, as callers write it.
    for (const { method, code, route } of ORDER) counter.inc({ method, code, route });
    return counter;
  };
}

function incByPosition(counter: { labels(a: string, b: string, c: string): { inc(): void } }): Work {
  return () => {
    for (const { method, code, route } of ORDER) counter.labels(method, code, route).inc();
    return counter;
  };
}

function incChildren(children: readonly { inc(): void }[]): Work {
  return () => {
    for (const child of children) child.inc();
    return children;
  };
}

/** Durations as of requests, in an order that no branch predictor guesses. */
const DURATIONS = Array.from({ length: CALLS }, (_, index) => 0.002 * 1.01 ** ((index * 377) % CALLS));

function observeWithLabels(metric: { observe(labels: LabelValues, value: number): void }): Work {
  return () => {
    for (let index = 0; index < CALLS; index++) {
      const { method, code, route } = ORDER[index]!;
      metric.observe({ method, code, route }, DURATIONS[index]!);
    }
    return metric;
  };
}

function observeChildren(children: readonly { observe(value: number): void }[]): Work {
  return () => {
    for (let index = 0; index < CALLS; index++) children[index]!.observe(DURATIONS[index]!);
    return children;
  };
}

function observe(metric: { observe(value: number): void }): Work {
  return () => {
    for (let index = 0; index < CALLS; index++) metric.observe(DURATIONS[index]!);
    return metric;
  };
}

function repeat<T>(target: T, call: (target: T) => void): Work {
  return () => {
    for (let index = 0; index < CALLS; index++) call(target);
    return target;
  };
}

const cases: readonly Case[] = [
  {
    name: 'counter.inc()',
    units: CALLS,
    libraries: {
      zeroprom: () => repeat(new Counter({ ...options, registry: null }), (counter) => counter.inc()),
      'prom-client': () => repeat(new prom.Counter({ ...options, registers: [] }), (counter) => counter.inc()),
    },
  },
  {
    name: 'counter.inc({ three labels })',
    units: CALLS,
    libraries: {
      zeroprom: () => incWithLabels(new Counter({ ...options, labelNames, registry: null })),
      'prom-client': () => incWithLabels(new prom.Counter({ ...options, labelNames, registers: [] })),
    },
  },
  {
    name: 'child.inc()',
    units: CALLS,
    libraries: {
      zeroprom: () => {
        const counter = new Counter({ ...options, labelNames, registry: null });
        return incChildren(ORDER.map((labels) => counter.labels(labels)));
      },
      'prom-client': () => {
        const counter = new prom.Counter({ ...options, labelNames, registers: [] });
        return incChildren(ORDER.map((labels) => counter.labels(labels)));
      },
    },
  },
  {
    name: 'gauge.set(value)',
    units: CALLS,
    libraries: {
      zeroprom: () => repeat(new Gauge({ ...options, registry: null }), (gauge) => gauge.set(1.5)),
      'prom-client': () => repeat(new prom.Gauge({ ...options, registers: [] }), (gauge) => gauge.set(1.5)),
    },
  },
  {
    name: 'counter.labels(three values).inc()',
    units: CALLS,
    libraries: {
      zeroprom: () => incByPosition(new Counter({ ...options, labelNames, registry: null })),
      'prom-client': () => incByPosition(new prom.Counter({ ...options, labelNames, registers: [] })),
    },
  },
  {
    name: 'histogram.observe(value)',
    units: CALLS,
    libraries: {
      zeroprom: () => observe(new Histogram({ ...options, registry: null })),
      'zeroprom, native': () => observe(new Histogram({ ...options, native: {}, registry: null })),
      'prom-client': () => observe(new prom.Histogram({ ...options, registers: [] })),
    },
  },
  {
    name: 'histogram.observe({ three labels }, v)',
    units: CALLS,
    libraries: {
      zeroprom: () => observeWithLabels(new Histogram({ ...options, labelNames, registry: null })),
      'prom-client': () => observeWithLabels(new prom.Histogram({ ...options, labelNames, registers: [] })),
    },
  },
  {
    name: 'histogram child.observe(value)',
    units: CALLS,
    libraries: {
      zeroprom: () => {
        const histogram = new Histogram({ ...options, labelNames, registry: null });
        return observeChildren(ORDER.map((labels) => histogram.labels(labels)));
      },
      'prom-client': () => {
        const histogram = new prom.Histogram({ ...options, labelNames, registers: [] });
        return observeChildren(ORDER.map((labels) => histogram.labels(labels)));
      },
    },
  },
  {
    name: 'summary.observe(value)',
    units: CALLS,
    libraries: {
      zeroprom: () => observe(new Summary({ ...options, registry: null })),
      'zeroprom, 3 quantiles': () => observe(new Summary({ ...options, quantiles: [0.5, 0.9, 0.99], registry: null })),
      'prom-client': () => observe(new prom.Summary({ ...options, percentiles: [0.5, 0.9, 0.99], registers: [] })),
    },
  },
];

export default { title: 'Hot paths, ns for a call', cases } satisfies Question;
