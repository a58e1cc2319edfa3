import type { Exemplar } from '../../model/family.ts';
import type { Span } from '../../model/native-spans.ts';
import { CumulativeBuckets } from '../assembly/bucket-counts.ts';
import { readExemplar, readTimestamp } from './message-reader.ts';
import type { WireReader } from './wire-reader.ts';

/** The buckets on one side of zero. */
export class SideMessage {
  readonly spans: Span[] = [];
  /** Differences to the previous bucket, in histograms of integers. */
  readonly deltas: number[] = [];
  /** Counts, in histograms of floats. */
  readonly counts: number[] = [];
}

/** `io.prometheus.client.Histogram`, with classic buckets, native ones or both. */
export class HistogramMessage {
  count = 0;
  floatCount = 0;
  sum = 0;
  readonly buckets = new CumulativeBuckets();
  /** Exemplars with a timestamp, from buckets that Prometheus ignores otherwise. */
  readonly ignoredExemplars: Exemplar[] = [];
  schema = 0;
  zeroThreshold = 0;
  zeroCount = 0;
  floatZeroCount = 0;
  readonly negative = new SideMessage();
  readonly positive = new SideMessage();
  startTimestamp: number | undefined;
  readonly exemplars: Exemplar[] = [];
}

export function readHistogram(reader: WireReader, message = new HistogramMessage()): HistogramMessage {
  while (reader.next()) {
    if (reader.field === 1) message.count = reader.uint64();
    else if (reader.field === 2) message.sum = reader.double();
    else if (reader.field === 3) addBucket(message, reader.message(readBucket), reader.isStrict);
    else if (reader.field === 4) message.floatCount = reader.double();
    else if (reader.field === 15) message.startTimestamp = reader.message(readTimestamp);
    else if (reader.field === 16) message.exemplars.push(reader.message(readExemplar));
    else readNativeField(reader, message);
  }
  return message;
}

function readNativeField(reader: WireReader, message: HistogramMessage): void {
  const { field } = reader;
  if (field === 5) message.schema = reader.sint32();
  else if (field === 6) message.zeroThreshold = reader.double();
  else if (field === 7) message.zeroCount = reader.uint64();
  else if (field === 8) message.floatZeroCount = reader.double();
  else if (field >= 9 && field <= 11) readSideField(reader, message.negative, field - 9);
  else if (field >= 12 && field <= 14) readSideField(reader, message.positive, field - 12);
  else reader.skip();
}

/** The fields for spans, deltas and counts of a side have consecutive numbers. */
function readSideField(reader: WireReader, side: SideMessage, field: number): void {
  if (field === 0) {
    // A span without buckets only moves the next one, so consecutive ones are merged.
    const span = reader.message(readSpan);
    const last = side.spans.at(-1);
    if (last?.length === 0 && span.offset >= 0) {
      side.spans[side.spans.length - 1] = { offset: last.offset + span.offset, length: span.length };
    } else side.spans.push(span);
  } else if (field === 1) reader.repeatedSint64(side.deltas);
  else reader.repeatedDouble(side.counts);
}

function readSpan(reader: WireReader): Span {
  let offset = 0;
  let length = 0;
  while (reader.next()) {
    if (reader.field === 1) offset = reader.sint32();
    else if (reader.field === 2) length = reader.uint32();
    else reader.skip();
  }
  return { offset, length };
}

class BucketMessage {
  count = 0;
  floatCount = 0;
  upperBound = 0;
  exemplar: Exemplar | undefined;
}

function readBucket(reader: WireReader): BucketMessage {
  const message = new BucketMessage();
  while (reader.next()) {
    if (reader.field === 1) message.count = reader.uint64();
    else if (reader.field === 2) message.upperBound = reader.double();
    else if (reader.field === 3) message.exemplar = reader.message(readExemplar);
    else if (reader.field === 4) message.floatCount = reader.double();
    else reader.skip();
  }
  if (reader.isStrict) {
    if (Number.isNaN(message.upperBound)) reader.fail('an upper bound that is a number');
    if (!(message.floatCount >= 0)) reader.fail('a count that is neither negative nor NaN');
  }
  return message;
}

function addBucket({ buckets, ignoredExemplars }: HistogramMessage, bucket: BucketMessage, strict: boolean): void {
  const { upperBound, count, floatCount, exemplar } = bucket;
  // Prometheus stops at the +Inf bucket.
  const isIgnored = !strict && buckets.lastBound === Number.POSITIVE_INFINITY;
  if (isIgnored && exemplar?.timestamp !== undefined) ignoredExemplars.push(exemplar);
  if (isIgnored) return;
  buckets.add(upperBound, floatCount === 0 ? count : floatCount, exemplar);
}
