import type { Question } from './question.ts';
import { timed } from './timing.ts';

const ALIVE = 100;
const CALLS = 1000;

export default {
  title: 'Short-lived series, such as those of connections',
  cases: [
    timed(
      `a series made, updated and removed, ${ALIVE} alive at a time`,
      (client) => {
        const counter = client.counter?.({ name: 'c_total', help: 'Help.', labelNames: ['id', 'zone'] });
        if (counter?.remove === undefined) return undefined;
        let next = 0;
        const labelsOf = (id: number) => ({ id: `connection ${id}`, zone: 'abc'[id % 3]! });
        return () => {
          for (let call = 0; call < CALLS; call++, next++) {
            counter.inc(labelsOf(next));
            if (next >= ALIVE) counter.remove?.(labelsOf(next - ALIVE));
          }
          return counter;
        };
      },
      { units: CALLS },
    ),
  ],
} satisfies Question;
