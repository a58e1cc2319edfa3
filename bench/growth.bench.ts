import type { Case, Question } from './question.ts';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];
const STATUSES = Array.from({ length: 20 }, (_, index) => String(200 + index));
const ROUTES = Array.from({ length: 10_000 }, (_, index) => `/api/v1/resource/${index}`);

/** The first calls of a counter with three labels, each of which creates a series: the longest one blocks the program. */
function firstSeries(count: number): Case {
  return {
    name: `longest call, first ${count.toLocaleString('en')} series of a counter with 3 labels`,
    rounds: 5,
    async measure(library) {
      const client = await library.open('text');
      const counter = client?.counter?.({ name: 'c_total', help: 'Help.', labelNames: ['method', 'status', 'route'] });
      if (counter === undefined) return undefined;
      globalThis.gc?.();
      let longest = 0;
      const began = performance.now();
      for (let index = 0; index < count; index++) {
        // Not from a list of a million objects, whose collection would be part of the longest call.
        const labels = {
          method: METHODS[index % 5]!,
          status: STATUSES[Math.floor(index / 5) % 20]!,
          route: ROUTES[Math.floor(index / 100) % ROUTES.length]!,
        };
        const before = performance.now();
        counter.inc(labels);
        longest = Math.max(longest, performance.now() - before);
      }
      return { figures: { ms: longest, 'ns a series': ((performance.now() - began) * 1e6) / count } };
    },
  };
}

export default {
  title: 'New series: the longest call, including garbage collections, and the mean',
  cases: [firstSeries(1_000_000)],
} satisfies Question;
