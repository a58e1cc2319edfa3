import { gzipSync } from 'node:zlib';
import type { Client, Format } from './library.ts';
import type { Case, Question } from './question.ts';
import { application, counters, histograms, nativeHistograms } from './scraped.ts';
import { timed } from './timing.ts';

const NAMES: Readonly<Record<Format, string>> = { text: 'text', openMetrics: 'OpenMetrics', protobuf: 'protobuf' };

type Fill = (client: Client) => boolean;

function scrape(what: string, fill: Fill, format: Format = 'text', rounds?: number): Case {
  const name = `${what}, ${NAMES[format]}`;
  return timed(name, (client) => (client.expose !== undefined && fill(client) ? () => client.expose?.() : undefined), {
    format,
    ...(rounds === undefined ? {} : { rounds }),
  });
}

/** With the fastest compression, which is the same for all. */
function zipped(what: string, fill: Fill): Case {
  return timed(`${what}, text and gzip`, (client) => {
    const { expose } = client;
    return expose !== undefined && fill(client) ? async () => gzipSync(await expose(), { level: 1 }) : undefined;
  });
}

export default {
  title: 'Encoding: time to the bytes or string of a scrape',
  cases: [
    scrape('1,000 counters', counters(1000)),
    scrape('10,000 counters', counters(10_000)),
    scrape('100,000 counters', counters(100_000)),
    scrape('1,000,000 counters', counters(1_000_000), 'text', 1),
    scrape('100 histograms', histograms(100)),
    scrape('1,000 histograms', histograms(1000)),
    scrape('10,000 histograms', histograms(10_000)),
    scrape('an application', application),
    scrape('100,000 counters', counters(100_000), 'openMetrics'),
    scrape('10,000 histograms', histograms(10_000), 'openMetrics'),
    scrape('an application', application, 'openMetrics'),
    scrape('100,000 counters', counters(100_000), 'protobuf'),
    scrape('10,000 histograms', histograms(10_000), 'protobuf'),
    scrape('10,000 native histograms', nativeHistograms(10_000), 'protobuf'),
    scrape('an application', application, 'protobuf'),
    zipped('100,000 counters', counters(100_000)),
    zipped('an application', application),
  ],
} satisfies Question;
