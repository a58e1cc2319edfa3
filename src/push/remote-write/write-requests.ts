import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { escapeName } from '../../exposition/encoding/escaping.ts';
import { writeString } from '../../exposition/protobuf/message-writer.ts';
import type { MetricType } from '../../model/family.ts';
import { isLegacyLabelName, isLegacyMetricName } from '../../model/naming.ts';
import { encodeCustomBuckets } from './histogram-message.ts';
import type { SampleExtra, Samples, SentExemplar } from './samples.ts';
import { STALE_HISTOGRAM, writeDouble, writeInt64, writeStaleMarker } from './wire.ts';
import { compareUtf8 } from './write-series.ts';

/** Version of the remote write protocol. */
export type RemoteWriteVersion = '1.0' | '2.0';

/** The samples [from, to) of a gathering, which one request carries. */
export interface Batch {
  readonly samples: Samples;
  readonly from: number;
  readonly to: number;
}

/** Headers of each version, with names in lower case. */
export const REQUEST_HEADERS: { readonly [V in RemoteWriteVersion]: Readonly<Record<string, string>> } = {
  '1.0': {
    'content-encoding': 'snappy',
    'content-type': 'application/x-protobuf',
    'x-prometheus-remote-write-version': '0.1.0',
  },
  '2.0': {
    'content-encoding': 'snappy',
    'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    'x-prometheus-remote-write-version': '2.0.0',
  },
};

/** Number of series that are encoded in a step. Code that runs for the first time takes a hundred times as long. */
const SERIES_PER_STEP = 32;

/**
 * Steps that return a batch as a message of this version: `prometheus.WriteRequest` or `io.prometheus.write.v2.Request`. In
 * version 1.0, it must not have histograms with custom buckets.
 */
export function requestSteps(version: RemoteWriteVersion, batch: Batch): Generator<void, Uint8Array, void> {
  return version === '2.0' ? new Version2().encode(batch) : new Version1().encode(batch);
}

/** Keys of fields whose numbers differ between the versions. */
interface SeriesKeys {
  readonly series: number;
  readonly histogram: number;
  readonly exemplar: number;
}

const SERIES = { labels: 0x0a, sample: 0x12 };
const SAMPLE = { value: 0x09, timestamp: 0x10, startTimestamp: 0x18 };
const HISTOGRAM = { timestamp: 0x78, startTimestamp: 0x88 };
const EXEMPLAR = { labels: 0x0a, value: 0x11, timestamp: 0x18 };

/** The numbers of MetricType, the same in both versions. */
const TYPE_NUMBERS: { readonly [T in MetricType]: number } = {
  unknown: 0,
  counter: 1,
  gauge: 2,
  histogram: 3,
  gaugehistogram: 4,
  summary: 5,
  info: 6,
  stateset: 7,
};

/** Writes series one after the other. A series occurs once in a batch, with one sample. */
abstract class RequestEncoder {
  protected readonly writer = new ByteWriter();
  protected abstract readonly keys: SeriesKeys;

  protected *writeSeries({ samples, from, to }: Batch): Generator<void, void, void> {
    const { writer } = this;
    for (let index = from; index < to; index++) {
      if (index > from && (index - from) % SERIES_PER_STEP === 0) yield;
      const start = writer.open(this.keys.series);
      this.labels(samples.series[index]!.labels);
      this.#sample(samples, index);
      this.metadata(samples, index);
      writer.close(start);
    }
  }

  /** Writes the labels of a series or an exemplar, both in field 1. */
  protected abstract labels(labels: readonly string[]): void;

  /** Writes the type, help and unit of a series. */
  protected abstract metadata(samples: Samples, index: number): void;

  /** Returns the start time of a series in milliseconds; 0 if it is unknown or the version has none. */
  protected abstract startMs(samples: Samples, index: number): number;

  #sample(samples: Samples, index: number): void {
    const { writer } = this;
    const extra = samples.extras.get(index);
    const timestampMs = extra?.timestampMs ?? samples.timestampMs;
    const startMs = this.startMs(samples, index);
    // After a step of the clock, a series may seem to have started in the future.
    const shownStartMs = startMs <= timestampMs ? startMs : 0;
    const histogram = messageOf(extra);
    if (histogram !== undefined) {
      this.#histogram(histogram, timestampMs, shownStartMs);
    } else {
      const start = writer.open(SERIES.sample);
      writer.byte(SAMPLE.value);
      if (extra?.isStale) writeStaleMarker(writer);
      else writeDouble(writer, samples.values[index]!);
      this.#times(SAMPLE.timestamp, timestampMs, SAMPLE.startTimestamp, shownStartMs);
      writer.close(start);
    }
    for (const exemplar of extra?.exemplars ?? []) this.#exemplar(exemplar);
  }

  #histogram(message: Uint8Array, timestampMs: number, startMs: number): void {
    const start = this.writer.open(this.keys.histogram);
    this.writer.bytes(message);
    this.#times(HISTOGRAM.timestamp, timestampMs, HISTOGRAM.startTimestamp, startMs);
    this.writer.close(start);
  }

  #times(key: number, timestampMs: number, startKey: number, startMs: number): void {
    this.writer.byte(key);
    writeInt64(this.writer, timestampMs);
    if (startMs === 0) return;
    this.writer.varint(startKey);
    writeInt64(this.writer, startMs);
  }

  #exemplar({ labels, value, timestampMs }: SentExemplar): void {
    const start = this.writer.open(this.keys.exemplar);
    this.labels(labels);
    this.writer.byte(EXEMPLAR.value);
    writeDouble(this.writer, value);
    this.writer.byte(EXEMPLAR.timestamp);
    writeInt64(this.writer, timestampMs);
    this.writer.close(start);
  }
}

/** Returns the message of a native histogram. */
function messageOf({ histogram, custom, isStale }: SampleExtra = {}): Uint8Array | undefined {
  if (isStale) return histogram === undefined && custom === undefined ? undefined : STALE_HISTOGRAM;
  return custom === undefined ? histogram : encodeCustomBuckets(custom);
}

const LABEL = { name: 0x0a, value: 0x12 };
/** Fields of prometheus.MetricMetadata. */
const FAMILY_METADATA = { key: 0x1a, type: 0x08, name: 0x12, help: 0x22, unit: 0x2a };

/** Remote write 1.0: labels as texts, without start times. Its names have only letters, digits and underscores. */
class Version1 extends RequestEncoder {
  protected readonly keys = { series: 0x0a, exemplar: 0x1a, histogram: 0x22 };

  *encode(batch: Batch): Generator<void, Uint8Array, void> {
    yield* this.writeSeries(batch);
    if (batch.samples.hasMetadata) this.#metadataOf(batch);
    return this.writer.take();
  }

  /** Writes the metadata of each family of the batch once. */
  #metadataOf({ samples, from, to }: Batch): void {
    const { writer } = this;
    const written = new Set<string>();
    for (let index = from; index < to; index++) {
      const { name, type, help, unit = '' } = samples.series[index]!.family;
      if (written.has(name)) continue;
      written.add(name);
      const start = writer.open(FAMILY_METADATA.key);
      writer.byte(FAMILY_METADATA.type);
      writer.byte(TYPE_NUMBERS[type]);
      writeString(writer, FAMILY_METADATA.name, escapeName(name, 'underscores'));
      if (help !== '') writeString(writer, FAMILY_METADATA.help, help);
      if (unit !== '') writeString(writer, FAMILY_METADATA.unit, unit);
      writer.close(start);
    }
  }

  protected override labels(labels: readonly string[]): void {
    const { writer } = this;
    const escaped = escapedLabels(labels);
    for (let index = 0; index < escaped.length; index += 2) {
      const start = writer.open(SERIES.labels);
      writeString(writer, LABEL.name, escaped[index]!);
      writeString(writer, LABEL.value, escaped[index + 1]!);
      writer.close(start);
    }
  }

  protected override metadata(): void {}

  protected override startMs(): number {
    return 0;
  }
}

/** Names as a scrape without UTF-8 names has them. Where two labels would be the same, as names that can be told apart. */
function escapedLabels(labels: readonly string[]): readonly string[] {
  if (areLegacy(labels)) return labels;
  const underscores = pairsOf(labels, 'underscores');
  const names = new Set(underscores.map(([name]) => name));
  return (names.size === underscores.length ? underscores : pairsOf(labels, 'values')).flat();
}

function areLegacy(labels: readonly string[]): boolean {
  for (let index = 0; index < labels.length; index += 2) {
    if (!isLegacyLabelName(labels[index]!)) return false;
    if (labels[index] === '__name__' && !isLegacyMetricName(labels[index + 1]!)) return false;
  }
  return true;
}

function pairsOf(labels: readonly string[], escaping: 'underscores' | 'values'): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < labels.length; index += 2) {
    const [name, value] = [labels[index]!, labels[index + 1]!];
    if (name === '__name__') pairs.push([name, escapeName(value, escaping)]);
    else pairs.push([escapeName(name, escaping, 'label'), value]);
  }
  return pairs.sort(([a], [b]) => compareUtf8(a, b));
}

const METADATA = { key: 0x2a, type: 0x08, help: 0x18, unit: 0x20 };
const SYMBOL = 0x22;

/** Remote write 2.0: texts are in a table, and series have metadata and start times. */
class Version2 extends RequestEncoder {
  protected readonly keys = { series: 0x2a, histogram: 0x1a, exemplar: 0x22 };
  /** Index of each text in the table, which begins with the empty one. */
  readonly #symbols = new Map([['', 0]]);

  *encode(batch: Batch): Generator<void, Uint8Array, void> {
    yield* this.writeSeries(batch);
    const symbols = new ByteWriter();
    for (const text of this.#symbols.keys()) writeString(symbols, SYMBOL, text);
    return Buffer.concat([symbols.take(), this.writer.take()]);
  }

  protected override labels(labels: readonly string[]): void {
    const { writer } = this;
    const start = writer.open(SERIES.labels);
    for (const text of labels) writer.varint(this.#symbol(text));
    writer.close(start);
  }

  protected override metadata({ series }: Samples, index: number): void {
    const { type, help, unit = '' } = series[index]!.family;
    const { writer } = this;
    const start = writer.open(METADATA.key);
    writer.byte(METADATA.type);
    writer.byte(TYPE_NUMBERS[type]);
    this.#reference(METADATA.help, help);
    this.#reference(METADATA.unit, unit);
    writer.close(start);
  }

  protected override startMs({ startsMs }: Samples, index: number): number {
    return startsMs[index]!;
  }

  #reference(key: number, text: string): void {
    if (text === '') return;
    this.writer.byte(key);
    this.writer.varint(this.#symbol(text));
  }

  #symbol(text: string): number {
    const known = this.#symbols.get(text);
    if (known !== undefined) return known;
    const symbol = this.#symbols.size;
    this.#symbols.set(text, symbol);
    return symbol;
  }
}
