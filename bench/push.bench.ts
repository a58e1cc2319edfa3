import type { Case, Question } from './question.ts';
import { counters } from './scraped.ts';
import { bestOf } from './timing.ts';

const SERIES = 100_000;
const SNAPPY_BYTES = 1_000_000;

/** zeroprom uses remote write 2.0 and prometheus-remote-write 1.0; bodies for a Pushgateway are protobuf and text. */
const deliveries = (['remote write', 'Pushgateway', 'OTLP'] as const).map(
  (protocol): Case => ({
    name: `${protocol}: ${SERIES.toLocaleString('en')} counters, from the registry to the bodies of requests`,
    async measure(library) {
      const client = await library.open('text');
      const deliver = client?.deliver?.[protocol];
      if (client === undefined || deliver === undefined || !counters(SERIES)(client)) return undefined;
      const bytes = await deliver();
      return { figures: { ms: await bestOf(deliver), kB: bytes / 1000 } };
    },
  }),
);

const snappy: Case = {
  name: 'snappy compression of an exposition',
  async measure(library) {
    const { compressSnappy } = (await library.open('text')) ?? {};
    if (compressSnappy === undefined) return undefined;
    const text = Array.from(
      { length: SNAPPY_BYTES / 50 },
      (_, i) => `requests_total{path="/users/${i % 977}"} ${i * 7}\n`,
    );
    const bytes = Buffer.from(text.join('')).subarray(0, SNAPPY_BYTES);
    const milliseconds = await bestOf(() => compressSnappy(bytes));
    const figures = { 'MB/s': bytes.length / 1000 / milliseconds, kB: compressSnappy(bytes).length / 1000 };
    return { figures };
  },
};

export default { title: 'Delivery: time and size of pushed bodies', cases: [...deliveries, snappy] } satisfies Question;
