import type { Exemplar } from '../../model/family.ts';
import { labelsOf } from '../assembly/series-index.ts';
import type { WireReader } from './wire-reader.ts';

// The messages of io.prometheus.client. Missing fields have their default, the last of several scalars is used, and messages are
// merged.

/** Returns the problem with the names of LabelPairs, completing "expected ...", or undefined. */
export function nameProblem(names: readonly string[], maxLength: number): string | undefined {
  if (names.some((name) => name === '' || name === '__name__' || name.length > maxLength)) {
    return `label names of 1 to ${maxLength} characters, and none that is __name__`;
  }
  return new Set(names).size < names.length ? 'each label name once' : undefined;
}

/** Label names, and their values at the same index. */
export interface LabelPairs {
  readonly names: string[];
  readonly values: string[];
}

/** Adds a LabelPair. With `anyBytes`, invalid UTF-8 is replaced unless the document is read strictly. */
export function readLabelPair(reader: WireReader, { names, values }: LabelPairs, anyBytes = false): void {
  let name = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === 1) name = anyBytes ? reader.anyString() : reader.string();
    else if (reader.field === 2) value = anyBytes ? reader.anyString() : reader.string();
    else reader.skip();
  }
  names.push(name);
  values.push(value);
}

export function readExemplar(reader: WireReader): Exemplar {
  const pairs: LabelPairs = { names: [], values: [] };
  let value = 0;
  let timestamp: number | undefined;
  while (reader.next()) {
    if (reader.field === 1)
      reader.message((label) => readLabelPair(label, pairs, true)); // Prometheus ignores them.
    else if (reader.field === 2) value = reader.double();
    else if (reader.field === 3) timestamp = reader.message(readTimestamp);
    else reader.skip();
  }
  const labels = labelsOf(pairs.names, pairs.values);
  return timestamp === undefined ? { labels, value } : { labels, value, timestamp };
}

/** Unix seconds. */
export function readTimestamp(reader: WireReader): number {
  let seconds = 0;
  let nanoseconds = 0;
  while (reader.next()) {
    if (reader.field === 1) seconds = reader.int64();
    else if (reader.field === 2) nanoseconds = reader.int32();
    else reader.skip();
  }
  return seconds + nanoseconds / 1e9;
}

/** Reads a Gauge or Untyped message. */
export function readNumber(reader: WireReader, before = 0): number {
  let value = before;
  while (reader.next()) {
    if (reader.field === 1) value = reader.double();
    else reader.skip();
  }
  return value;
}

export class CounterMessage {
  value = 0;
  exemplar: Exemplar | undefined;
  startTimestamp: number | undefined;
}

export function readCounter(reader: WireReader, message = new CounterMessage()): CounterMessage {
  while (reader.next()) {
    if (reader.field === 1) message.value = reader.double();
    else if (reader.field === 2) message.exemplar = reader.message(readExemplar);
    else if (reader.field === 3) message.startTimestamp = reader.message(readTimestamp);
    else reader.skip();
  }
  return message;
}

interface Quantile {
  quantile: number;
  value: number;
}

export class SummaryMessage {
  count = 0;
  sum = 0;
  readonly quantiles: Quantile[] = [];
  startTimestamp: number | undefined;
}

export function readSummary(reader: WireReader, message = new SummaryMessage()): SummaryMessage {
  while (reader.next()) {
    if (reader.field === 1) message.count = reader.uint64();
    else if (reader.field === 2) message.sum = reader.double();
    else if (reader.field === 3) message.quantiles.push(reader.message(readQuantile));
    else if (reader.field === 4) message.startTimestamp = reader.message(readTimestamp);
    else reader.skip();
  }
  return message;
}

function readQuantile(reader: WireReader): Quantile {
  const message: Quantile = { quantile: 0, value: 0 };
  while (reader.next()) {
    if (reader.field === 1) message.quantile = reader.double();
    else if (reader.field === 2) message.value = reader.double();
    else reader.skip();
  }
  return message;
}
