import type { SummaryValue } from '../../model/family.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { QUANTILE, SUMMARY } from './message-fields.ts';
import { UINT64_END, writeTimestamp } from './message-writer.ts';

/** Length of a quantile: two doubles with their keys. */
const QUANTILE_LENGTH = 18;

/**
 * Writes a summary.
 *
 * @throws {RangeError} if the message cannot represent its count.
 */
export function writeSummary(
  writer: ByteWriter,
  key: number,
  { count, sum, quantiles }: SummaryValue,
  startTimestamp: number | undefined,
): void {
  if (!(Number.isInteger(count) && count >= 0 && count < UINT64_END)) {
    throw new RangeError(`The count of a summary must be an integer from 0 to 2 ** 64 - 1 in protobuf, got ${count}.`);
  }
  const start = writer.open(key);
  writer.byte(SUMMARY.sampleCount);
  writer.varint(count);
  writer.doubleField(SUMMARY.sampleSum, sum);
  for (const { quantile, value } of quantiles) {
    writer.byte(SUMMARY.quantile);
    writer.byte(QUANTILE_LENGTH);
    writer.doubleField(QUANTILE.quantile, quantile);
    writer.doubleField(QUANTILE.value, value);
  }
  if (startTimestamp !== undefined) writeTimestamp(writer, SUMMARY.startTimestamp, startTimestamp);
  writer.close(start);
}
