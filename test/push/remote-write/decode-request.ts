/** Decodes remote write requests for fake receivers. Written from the schemas, independently of the encoder. */
import snappyjs from 'snappyjs';

export interface DecodedSample {
  readonly value: number;
  readonly isStale: boolean;
  readonly timestamp: number;
  readonly startTimestamp?: number;
}

export interface DecodedHistogram {
  readonly count?: number;
  readonly countFloat?: number;
  readonly sum: number;
  readonly isStale: boolean;
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  /** Buckets by index. */
  readonly positive: Readonly<Record<number, number>>;
  readonly negative: Readonly<Record<number, number>>;
  readonly resetHint: number;
  /** Upper bounds of custom buckets. */
  readonly customValues?: readonly number[];
  readonly timestamp: number;
  readonly startTimestamp?: number;
}

export interface DecodedExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestamp: number;
}

export interface DecodedSeries {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly samples: readonly DecodedSample[];
  readonly histograms: readonly DecodedHistogram[];
  readonly exemplars: readonly DecodedExemplar[];
  readonly metadata?: { readonly type: number; readonly help: string; readonly unit: string };
}

export interface DecodedMetadata {
  readonly name: string;
  readonly type: number;
  readonly help: string;
  readonly unit: string;
}

export interface DecodedRequest {
  readonly symbols: readonly string[];
  /** Metadata of version 1.0; in version 2.0, each series has its own. */
  readonly metadata: readonly DecodedMetadata[];
  readonly series: readonly DecodedSeries[];
}

/** Reads a body as sent, compressed. */
export function decodeBody(version: '1.0' | '2.0', body: Uint8Array): DecodedRequest {
  return decodeRequest(version, Buffer.from(snappyjs.uncompress(body)));
}

export function decodeRequest(version: '1.0' | '2.0', message: Uint8Array): DecodedRequest {
  const fields = fieldsOf(message);
  const symbols = version === '2.0' ? fields.filter(({ number }) => number === 4).map(text) : [];
  const series = fields
    .filter(({ number }) => number === (version === '2.0' ? 5 : 1))
    .map(({ bytes }) => (version === '2.0' ? seriesOf2(bytes, symbols) : seriesOf1(bytes)));
  const metadata = version === '1.0' ? all(fields, 3).map(({ bytes }) => metadataOf1(fieldsOf(bytes))) : [];
  return { symbols, series, metadata };
}

function metadataOf1(fields: readonly Field[]): DecodedMetadata {
  return {
    type: one(fields, 1)?.integer ?? 0,
    name: text(one(fields, 2)),
    help: text(one(fields, 4)),
    unit: text(one(fields, 5)),
  };
}

/** Returns `name{label="value"}` for each series of a request, `__name__` first. */
export function nameOf({ labels }: DecodedSeries): string {
  const name = labels.find(([label]) => label === '__name__')?.[1] ?? '';
  const others = labels.filter(([label]) => label !== '__name__').map(([label, value]) => `${label}="${value}"`);
  return others.length === 0 ? name : `${name}{${others.join(',')}}`;
}

function seriesOf1(bytes: Uint8Array): DecodedSeries {
  const fields = fieldsOf(bytes);
  const labels = all(fields, 1).map((field) => pairOf1(field.bytes));
  return {
    labels,
    samples: all(fields, 2).map(({ bytes }) => sampleOf(bytes)),
    exemplars: all(fields, 3).map(({ bytes }) => {
      const exemplar = fieldsOf(bytes);
      return exemplarOf(
        exemplar,
        all(exemplar, 1).map((field) => pairOf1(field.bytes)),
      );
    }),
    histograms: all(fields, 4).map(({ bytes }) => histogramOf(bytes)),
  };
}

function seriesOf2(bytes: Uint8Array, symbols: readonly string[]): DecodedSeries {
  const fields = fieldsOf(bytes);
  const [metadata] = all(fields, 5).map((field) => fieldsOf(field.bytes));
  const shown = metadata && {
    type: one(metadata, 1)?.integer ?? 0,
    help: symbols[one(metadata, 3)?.integer ?? 0] ?? '?',
    unit: symbols[one(metadata, 4)?.integer ?? 0] ?? '?',
  };
  return {
    labels: pairsOf2(fields, symbols),
    samples: all(fields, 2).map(({ bytes }) => sampleOf(bytes)),
    histograms: all(fields, 3).map(({ bytes }) => histogramOf(bytes)),
    exemplars: all(fields, 4).map(({ bytes }) => {
      const exemplar = fieldsOf(bytes);
      return exemplarOf(exemplar, pairsOf2(exemplar, symbols));
    }),
    ...(shown === undefined ? {} : { metadata: shown }),
  };
}

function pairOf1(bytes: Uint8Array): [string, string] {
  const fields = fieldsOf(bytes);
  return [text(one(fields, 1)), text(one(fields, 2))];
}

function pairsOf2(fields: readonly Field[], symbols: readonly string[]): [string, string][] {
  const references = integersOf(one(fields, 1)?.bytes ?? new Uint8Array());
  if (references.length % 2 === 1) throw new Error(`invalid labelRefs length ${references.length}`);
  return Array.from({ length: references.length / 2 }, (_, index) => {
    const [name, value] = [symbols[references[index * 2]!], symbols[references[index * 2 + 1]!]];
    if (name === undefined || value === undefined) throw new Error('a reference is out of range');
    return [name, value];
  });
}

function sampleOf(bytes: Uint8Array): DecodedSample {
  const fields = fieldsOf(bytes);
  const start = one(fields, 3)?.integer;
  const value = one(fields, 1);
  return {
    value: double(value),
    isStale: isStale(value),
    timestamp: one(fields, 2)?.integer ?? 0,
    ...(start === undefined ? {} : { startTimestamp: start }),
  };
}

function exemplarOf(fields: readonly Field[], labels: readonly (readonly [string, string])[]): DecodedExemplar {
  return {
    labels: Object.fromEntries(labels),
    value: double(one(fields, 2)),
    timestamp: one(fields, 3)?.integer ?? 0,
  };
}

function histogramOf(bytes: Uint8Array): DecodedHistogram {
  const fields = fieldsOf(bytes);
  const start = one(fields, 17)?.integer;
  const [count, countFloat] = [one(fields, 1)?.integer, one(fields, 2)];
  const customValues = one(fields, 16);
  return {
    ...(count === undefined ? {} : { count }),
    ...(countFloat === undefined ? {} : { countFloat: double(countFloat) }),
    sum: double(one(fields, 3)),
    isStale: isStale(one(fields, 3)),
    schema: zagzig(one(fields, 4)?.integer ?? 0),
    zeroThreshold: double(one(fields, 5)),
    zeroCount: one(fields, 6)?.integer ?? double(one(fields, 7)),
    negative: buckets(fields, 8),
    positive: buckets(fields, 11),
    resetHint: one(fields, 14)?.integer ?? 0,
    timestamp: one(fields, 15)?.integer ?? 0,
    ...(start === undefined ? {} : { startTimestamp: start }),
    ...(customValues === undefined ? {} : { customValues: doublesOf(customValues.bytes) }),
  };
}

/** Spans are in this field, deltas in the next and counts in the one after. */
function buckets(fields: readonly Field[], number: number): Record<number, number> {
  const deltas = integersOf(one(fields, number + 1)?.bytes ?? new Uint8Array()).map(zagzig);
  const counts = doublesOf(one(fields, number + 2)?.bytes ?? new Uint8Array());
  const found: Record<number, number> = {};
  let [index, at, count] = [0, 0, 0];
  for (const { bytes } of all(fields, number)) {
    const span = fieldsOf(bytes);
    index += zagzig(one(span, 1)?.integer ?? 0);
    for (let left = one(span, 2)?.integer ?? 0; left > 0; left--, index++, at++) {
      count = counts.length > 0 ? counts[at]! : count + deltas[at]!;
      if (count !== 0) found[index] = count;
    }
  }
  return found;
}

interface Field {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly integer: number;
}

function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  const position = { at: 0 };
  while (position.at < message.length) {
    const key = integerAt(message, position);
    const type = key & 7;
    if (type === 0) fields.push({ number: key >> 3, bytes: new Uint8Array(), integer: integerAt(message, position) });
    else {
      const length = type === 1 ? 8 : integerAt(message, position);
      if (type !== 1 && type !== 2) throw new Error(`invalid wire type ${type}`);
      if (position.at + length > message.length) throw new Error('the message ends too early');
      fields.push({ number: key >> 3, bytes: message.subarray(position.at, position.at + length), integer: 0 });
      position.at += length;
    }
  }
  return fields;
}

function integerAt(message: Uint8Array, position: { at: number }): number {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = message[position.at++];
    if (byte === undefined) throw new Error('the message ends too early');
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return Number(BigInt.asIntN(64, value));
  }
}

function integersOf(bytes: Uint8Array): number[] {
  const integers: number[] = [];
  const position = { at: 0 };
  while (position.at < bytes.length) integers.push(integerAt(bytes, position));
  return integers;
}

function doublesOf(bytes: Uint8Array): number[] {
  return Array.from({ length: bytes.length / 8 }, (_, index) => viewOf(bytes).getFloat64(index * 8, true));
}

function all(fields: readonly Field[], wanted: number): Field[] {
  return fields.filter(({ number }) => number === wanted);
}

function one(fields: readonly Field[], wanted: number): Field | undefined {
  return fields.find(({ number }) => number === wanted);
}

function text(field: Field | undefined): string {
  return field === undefined ? '' : Buffer.from(field.bytes).toString();
}

function double(field: Field | undefined): number {
  return field === undefined ? 0 : viewOf(field.bytes).getFloat64(0, true);
}

function isStale(field: Field | undefined): boolean {
  return field !== undefined && viewOf(field.bytes).getBigUint64(0, true) === 0x7ff0000000000002n;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function zagzig(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
