import assert from 'node:assert/strict';
import prom from 'prom-client';
import { exposition, zeroprom } from './built.ts';
import type { Case, Question } from './question.ts';

const { Counter, Registry } = zeroprom;
const { encodeGathering } = exposition;
const labelNames = ['method', 'status', 'route'] as const;
const options = { name: 'http_requests_total', help: 'Requests.', labelNames };

interface Labelled {
  inc(labels: { method: string; status: string; route: string }, value: number): void;
}

function fill(counter: Labelled, count: number): void {
  for (let index = 0; index < count; index++) {
    const labels = {
      method: `M${index % 5}`,
      status: String(200 + (Math.floor(index / 5) % 20)),
      route: `/api/v1/route/${Math.floor(index / 100)}`,
    };
    counter.inc(labels, index);
  }
}

function counters(count: number): Case {
  return {
    name: `${count} counters as text`,
    units: 1,
    libraries: {
      zeroprom: async () => {
        const registry = new Registry();
        fill(new Counter({ ...options, maxSeries: 1e7, registry }), count);
        assert.equal((await registry.expose()).split('\n').length, count + 3);
        return async () => encodeGathering(await registry.gather());
      },
      'prom-client': async () => {
        const registry = new prom.Registry();
        fill(new prom.Counter({ ...options, registers: [registry] }), count);
        assert.equal((await registry.metrics()).split('\n').length, count + 3);
        return () => registry.metrics();
      },
    },
  };
}

export default {
  title: 'A scrape, to the bytes or the string that a server sends',
  cases: [counters(1000), counters(10_000), counters(100_000)],
} satisfies Question;
