import prom from 'prom-client';
import { zeroprom } from './built.ts';
import type { Case, Question, Work } from './question.ts';

const { Counter, Gauge } = zeroprom;
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

interface Labelled {
  inc(labels: { method: string; code: string; route: string }): void;
}

function incWithLabels(counter: Labelled): Work {
  return () => {
    // A fresh object for each call, as callers write it.
    for (const { method, code, route } of ORDER) counter.inc({ method, code, route });
    return counter;
  };
}

function incChildren(children: readonly { inc(): void }[]): Work {
  return () => {
    for (const child of children) child.inc();
    return children;
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
];

export default { title: 'Hot paths, ns for a call', cases } satisfies Question;
