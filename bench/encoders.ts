/** Milliseconds that each format takes for 100,000 counters with three labels, and for 10,000 histograms. */
import { ByteWriter } from '../src/exposition/byte-writer.ts';
import { expositionEncoder } from '../src/exposition/encode.ts';
import { type Format, openMetrics, openMetrics2, protobuf, text } from '../src/exposition/formats.ts';
import { Counter } from '../src/metrics/counter.ts';
import type { DirectCollector } from '../src/model/collector.ts';
import type { Encoder } from '../src/model/encoder.ts';
import type { Descriptor } from '../src/model/family.ts';
import { LabelValue } from '../src/model/labels.ts';

const ROUNDS = 40;
const FORMATS: { readonly [name: string]: Format } = { text, openMetrics, protobuf, openMetrics2 };

/** Series between two looks at the writer, and what is worth taking. */
const STEP = 512;
const CHUNK_BYTES = 128 * 1024;

interface Subject {
  readonly series: number;
  readonly descriptor: Descriptor;
  encode(encoder: Encoder, from: number, to: number): void;
}

const subjects: { readonly [name: string]: Subject } = { counters: counters(100_000), histograms: histograms(10_000) };

for (const [subjectName, subject] of Object.entries(subjects)) {
  const best = new Map<string, number>();
  const sizes = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, format] of Object.entries(FORMATS)) {
      const started = performance.now();
      sizes.set(name, encode(subject, format));
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, performance.now() - started));
    }
  }
  for (const [name, milliseconds] of best) {
    const nanoseconds = Math.round((milliseconds / subject.series) * 1e6);
    const ratio = (milliseconds / (best.get('text') ?? milliseconds)).toFixed(2);
    const megabytes = ((sizes.get(name) ?? 0) / 1e6).toFixed(1);
    console.log(
      `${subjectName} ${name}: ${milliseconds.toFixed(1)} ms, ${nanoseconds} ns a series, ${ratio} of text, ${megabytes} MB`,
    );
  }
}

/** As a server does: what is complete is taken now and then. */
function encode({ series, descriptor, encode }: Subject, format: Format): number {
  const writer = new ByteWriter(2 * CHUNK_BYTES);
  const encoder = expositionEncoder(format, writer);
  let bytes = 0;
  encoder.family(descriptor);
  for (let from = 0; from < series; from += STEP) {
    encode(encoder, from, Math.min(from + STEP, series));
    if (writer.length >= CHUNK_BYTES) bytes += writer.take().length;
  }
  encoder.end();
  return bytes + writer.take().length;
}

function counters(series: number): Subject {
  const labelNames = ['method', 'status', 'route'] as const;
  const counter = new Counter({ name: 'http_requests_total', help: 'Requests.', labelNames, registry: null });
  const methods = ['GET', 'POST', 'PUT', 'DELETE'];
  for (let index = 0; index < series; index++) {
    const labels = { method: methods[index % 4]!, status: 200 + (index % 25), route: `/api/v1/resource/${index >> 2}` };
    counter.inc(labels, Math.floor(Math.random() * 1e6));
  }
  const direct: DirectCollector = counter;
  return {
    series,
    descriptor: direct.descriptor,
    encode: (encoder, from, to) => direct.encode(encoder, from, to),
  };
}

function histograms(series: number): Subject {
  const names = ['method', 'status', 'route'];
  const upperBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const rows = Array.from({ length: series }, (_, index) => {
    const bucketCounts = Array.from({ length: 12 }, () => Math.floor(Math.random() * 1000));
    return {
      values: ['GET', '200', `/api/v1/resource/${index}`].map((value) => new LabelValue(value)),
      value: { upperBounds, bucketCounts, count: bucketCounts.reduce((a, b) => a + b), sum: Math.random() * 1e4 },
    };
  });
  return {
    series,
    descriptor: { name: 'http_request_duration_seconds', help: 'Durations.', type: 'histogram' },
    encode: (encoder, from, to) => {
      for (const { values, value } of rows.slice(from, to)) {
        encoder.histogram({ labels: { names, values }, timestamp: undefined, startTimestamp: undefined }, value);
      }
    },
  };
}
