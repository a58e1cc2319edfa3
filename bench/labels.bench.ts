import { combinationsOf, shuffled } from './label-values.ts';
import type { Counter, Labels } from './library.ts';
import type { Case, Question, Work } from './question.ts';
import { timed } from './timing.ts';

const CALLS = 10_000;

/** Creates an object per call, as callers do. */
const shared: Readonly<Record<number, (counter: Counter, order: readonly Labels[]) => Work>> = {
  1: (counter, order) => () => {
    for (const { route } of order) counter.inc({ route: route! });
    return counter;
  },
  3: (counter, order) => () => {
    for (const { method, status, route } of order) {
      counter.inc({ method: method!, status: status!, route: route! });
    }
    return counter;
  },
  6: (counter, order) => () => {
    for (const { method, status, route, region, tenant, version } of order) {
      counter.inc({
        method: method!,
        status: status!,
        route: route!,
        region: region!,
        tenant: tenant!,
        version: version!,
      });
    }
    return counter;
  },
};

/** Builds new strings for each call, such as paths or numbers as text, which engines have not interned. */
const fresh: typeof shared = {
  1: (counter, order) => {
    const parts = order.map(halves);
    return () => {
      for (const { heads, tails } of parts) counter.inc({ route: heads.route! + tails.route! });
      return counter;
    };
  },
  3: (counter, order) => {
    const parts = order.map(halves);
    return () => {
      for (const { heads, tails } of parts) {
        counter.inc({
          method: heads.method! + tails.method!,
          status: heads.status! + tails.status!,
          route: heads.route! + tails.route!,
        });
      }
      return counter;
    };
  },
  6: (counter, order) => {
    const parts = order.map(halves);
    return () => {
      for (const { heads, tails } of parts) {
        counter.inc({
          method: heads.method! + tails.method!,
          status: heads.status! + tails.status!,
          route: heads.route! + tails.route!,
          region: heads.region! + tails.region!,
          tenant: heads.tenant! + tails.tenant!,
          version: heads.version! + tails.version!,
        });
      }
      return counter;
    };
  },
};

interface Halves {
  readonly heads: Labels;
  readonly tails: Labels;
}

function halves(labels: Labels): Halves {
  const entries = Object.entries(labels);
  return {
    heads: Object.fromEntries(entries.map(([name, value]) => [name, value.slice(0, 2)])),
    tails: Object.fromEntries(entries.map(([name, value]) => [name, value.slice(2)])),
  };
}

function withLabels(width: number, children: number, strings: 'shared' | 'fresh'): Case {
  const labels = `${width} label${width > 1 ? 's' : ''}`;
  const name = `inc({ ${labels} }), ${children} children, ${strings} strings`;
  return timed(
    name,
    (client) => {
      const combinations = combinationsOf(width, children);
      const labelNames = Object.keys(combinations[0]!);
      const counter = client.counter?.({ name: 'c_total', help: 'Help.', labelNames });
      if (counter === undefined) return undefined;
      for (const labels of combinations) counter.inc(labels, 0);
      return (strings === 'shared' ? shared : fresh)[width]!(counter, shuffled(combinations, CALLS));
    },
    { units: CALLS },
  );
}

const strings = ['shared', 'fresh'] as const;

export default {
  title: 'Labels in the call: time per call of a counter with 1, 3 and 6 labels',
  cases: [100, 10_000].flatMap((children) =>
    [1, 3, 6].flatMap((width) => strings.map((kind) => withLabels(width, children, kind))),
  ),
} satisfies Question;
