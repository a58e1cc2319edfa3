import type { NativeBucketCounts, NativeHistogramValue, QuantileValue } from '../../model/family.ts';
import { bucketsOfSpans, isStandardSchema, type Span } from '../../model/native-spans.ts';
import { CumulativeBuckets } from '../assembly/bucket-counts.ts';
import type { Cursor } from '../lines/byte-cursor.ts';
import type { CompositeValue } from '../lines/line-handler.ts';
import { parseUnboundedNumber } from '../lines/number.ts';

const EMPTY = { indexes: [], counts: [] };

/**
 * Reads a value in braces of OpenMetrics 2.0: fields in a fixed order, without blanks. The code follows the grammar, and checks the
 * further rules of the specification for the numbers.
 */
export function readComposite(cursor: Cursor): CompositeValue {
  return new CompositeReader(cursor).read();
}

class CompositeReader {
  readonly #cursor: Cursor;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  read(): CompositeValue {
    const isGauge = this.#take('{gcount:');
    if (!isGauge) this.#expect('{count:');
    const count = this.#number();
    this.#expect(isGauge ? ',gsum:' : ',sum:');
    const sum = this.#number();
    this.#expect(',');
    const isSummary = !isGauge && this.#take('quantile:[');
    const value = isSummary ? this.#summary(count, sum) : this.#histogram(isGauge, count, sum);
    this.#expect('}');
    return value;
  }

  #summary(count: number, sum: number): CompositeValue {
    if (!(count >= 0) || !(sum >= 0)) this.#cursor.fail('a count and a sum that are neither negative nor NaN');
    const quantiles: QuantileValue[] = [];
    this.#list(() => quantiles.push(this.#quantile(quantiles.at(-1)?.quantile)));
    return { kind: 'summary', value: { count, sum, quantiles } };
  }

  #quantile(last = -1): QuantileValue {
    const start = this.#cursor.at;
    const quantile = this.#number();
    if (!(quantile >= 0 && quantile <= 1 && quantile > last)) {
      this.#cursor.fail('a quantile from 0 to 1, above the one before', start);
    }
    this.#expect(':');
    const value = this.#number();
    if (value < 0) this.#cursor.fail('a value that is not negative', start);
    return { quantile, value };
  }

  #histogram(isGauge: boolean, count: number, sum: number): CompositeValue {
    if (count < 0 && !isGauge) this.#cursor.fail('a count that is not negative');
    const native = this.#take('schema:') ? this.#native() : undefined;
    const hasClassic = native === undefined || this.#take(',');
    if (hasClassic) this.#expect('bucket:[');
    const buckets = hasClassic ? this.#buckets(isGauge, count) : new CumulativeBuckets();
    const { upperBounds, bucketCounts } = buckets.separate(count);
    return {
      kind: isGauge ? 'gaugehistogram' : 'histogram',
      value: { upperBounds, bucketCounts, count, sum, ...(native && { native }) },
    };
  }

  /** Reads up to the required `+Inf` bucket, whose count must equal that of the histogram. */
  #buckets(isGauge: boolean, count: number): CumulativeBuckets {
    const buckets = new CumulativeBuckets();
    let last = Number.NEGATIVE_INFINITY;
    if (this.#take('-Inf:')) {
      this.#bucketCount(isGauge); // The next bucket includes this count, so nothing is lost.
      this.#expect(',');
    }
    while (!this.#take('+Inf:')) {
      last = this.#upperBound(last);
      this.#expect(':');
      buckets.add(last, this.#bucketCount(isGauge));
      this.#expect(',');
    }
    const start = this.#cursor.at;
    const total = this.#bucketCount(isGauge);
    if (total !== count) this.#cursor.fail(`${count}, the count of the histogram`, start);
    this.#expect(']');
    buckets.add(Number.POSITIVE_INFINITY, total);
    return buckets;
  }

  #upperBound(last: number): number {
    const start = this.#cursor.at;
    const upperBound = this.#number();
    const isBound = Number.isFinite(upperBound) && upperBound > last;
    return isBound ? upperBound : this.#cursor.fail('a finite upper bound above the one before', start);
  }

  #bucketCount(isGauge: boolean): number {
    const start = this.#cursor.at;
    const count = this.#number();
    if (count < 0 && !isGauge) this.#cursor.fail('a count that is not negative', start);
    return count;
  }

  #native(): NativeHistogramValue {
    const start = this.#cursor.at;
    const schema = this.#integer();
    if (!isStandardSchema(schema)) this.#cursor.fail('a schema from -4 to 8', start);
    this.#expect(',zero_threshold:');
    const zeroThreshold = this.#number();
    if (!(zeroThreshold >= 0 && zeroThreshold < Number.POSITIVE_INFINITY)) {
      this.#cursor.fail('a threshold that is not negative', start);
    }
    this.#expect(',zero_count:');
    const zeroCount = this.#number();
    const negative = this.#take(',negative_spans:[') ? this.#side(',negative_buckets:[') : EMPTY;
    const positive = this.#take(',positive_spans:[') ? this.#side(',positive_buckets:[') : EMPTY;
    return { schema, zeroThreshold, zeroCount, positive, negative };
  }

  #side(bucketsField: string): NativeBucketCounts {
    const start = this.#cursor.at;
    const spans: Span[] = [];
    const counts: number[] = [];
    this.#list(() => spans.push(this.#span(spans.length === 0)));
    this.#expect(bucketsField);
    this.#list(() => counts.push(this.#number()));
    const buckets = bucketsOfSpans(spans, counts);
    return typeof buckets === 'string' ? this.#cursor.fail(buckets, start) : buckets;
  }

  #span(isFirst: boolean): Span {
    const start = this.#cursor.at;
    const offset = this.#integer();
    this.#expect(':');
    const length = this.#integer();
    if (length <= 0 || (offset < 0 && !isFirst)) {
      this.#cursor.fail('a span of one bucket or more, behind the one before', start);
    }
    return { offset, length };
  }

  /** Reads elements separated by commas, up to the closing bracket. */
  #list(element: () => void): void {
    if (this.#take(']')) return;
    do element();
    while (this.#take(','));
    this.#expect(']');
  }

  #integer(): number {
    const start = this.#cursor.at;
    const text = this.#numberText();
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value)) this.#cursor.fail('a whole number', start);
    return value;
  }

  #number(): number {
    const start = this.#cursor.at;
    const text = this.#numberText();
    return parseUnboundedNumber(text) ?? this.#cursor.fail('a number', start);
  }

  #numberText(): string {
    const cursor = this.#cursor;
    const start = cursor.at;
    while (isNumberCharacter(cursor.code())) cursor.at++;
    return cursor.latin1(start, cursor.at);
  }

  #take(text: string): boolean {
    const cursor = this.#cursor;
    if (!cursor.startsWith(text)) return false;
    cursor.at += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#cursor.fail(text);
  }
}

/** Digits, letters, and `+`, `-` and `.` */
function isNumberCharacter(code: number): boolean {
  const isDigit = code >= 0x30 && code <= 0x39;
  const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
  return isDigit || isLetter || code === 0x2b || code === 0x2d || code === 0x2e;
}
