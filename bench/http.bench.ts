import type { Client } from './library.ts';
import type { Case, Question } from './question.ts';
import { application, counters } from './scraped.ts';
import { ScrapedServer } from './scrapers.ts';

const CONNECTIONS = 4;
const WARM_UP_MS = 500;
const MEASURE_MS = 2000;

function requests(what: string, fill: (client: Client) => boolean, encoding: 'gzip' | 'identity'): Case {
  return {
    name: `${what}, ${encoding}`,
    async measure(library) {
      const client = await library.open('text');
      if (client?.listener === undefined || !fill(client)) return undefined;
      const server = new ScrapedServer(client.listener);
      await server.scrape({ connections: CONNECTIONS, milliseconds: WARM_UP_MS, encoding });
      const before = process.cpuUsage();
      const times = await server.scrape({ connections: CONNECTIONS, milliseconds: MEASURE_MS, encoding });
      const { user, system } = process.cpuUsage(before);
      server.close();
      return {
        figures: {
          '/s': (times.length / MEASURE_MS) * 1000,
          'ms p50': at(times, 0.5),
          'ms p99': at(times, 0.99),
          'ms CPU': (user + system) / 1000 / times.length,
        },
      };
    },
  };
}

function at(sorted: readonly number[], quantile: number): number {
  return sorted[Math.floor(sorted.length * quantile)] ?? Number.NaN;
}

export default {
  title: `GET /metrics on ${CONNECTIONS} connections: responses per second, and response times`,
  cases: [
    requests('1,000 counters', counters(1000), 'identity'),
    requests('1,000 counters', counters(1000), 'gzip'),
    requests('an application', application, 'identity'),
    requests('an application', application, 'gzip'),
  ],
} satisfies Question;
