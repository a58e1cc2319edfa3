import type { ByteWriter } from '../../exposition/bytes/byte-writer.ts';

/** The staleness marker, a NaN that means that a series has ended (Prometheus: value.StaleNaN). */
const STALE_NAN = bitsOf(0x7ff0000000000002n);
/** Every other NaN, so that none is taken for the marker (Prometheus: value.NormalNaN). */
const NORMAL_NAN = bitsOf(0x7ff8000000000001n);

/** Message of a native histogram whose series has ended: the marker is the sum. */
export const STALE_HISTOGRAM: Uint8Array = Uint8Array.of(0x19, ...STALE_NAN);

/** Writes eight bytes. */
export function writeDouble(writer: ByteWriter, value: number): void {
  if (Number.isNaN(value)) writer.bytes(NORMAL_NAN);
  else writer.double(value);
}

/** Writes the staleness marker. As a number, it would not survive all that engines do with numbers. */
export function writeStaleMarker(writer: ByteWriter): void {
  writer.bytes(STALE_NAN);
}

/** Writes an int64 that may be negative, such as a time before 1970. */
export function writeInt64(writer: ByteWriter, value: number): void {
  if (value >= 0) writer.varint(value);
  else {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 0x80n; rest >>= 7n) writer.byte(Number(rest & 0x7fn) | 0x80);
    writer.byte(Number(rest));
  }
}

function bitsOf(bits: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, bits, true);
  return bytes;
}
