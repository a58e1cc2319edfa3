/** Maximum number of bytes of a varint. */
export const MAX_VARINT = 10;
/** Maximum number of bytes of the varint of a whole number below 2 ** 31. */
export const MAX_INT_VARINT = 5;

/** Writes an integer below 2 ** 64 as a protobuf varint, lowest bits first, and returns the position after it. */
export function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  // Remainders of doubles are slow, and most numbers are small.
  for (; rest >= 2 ** 31; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}

/** Returns the number of bytes of the varint of a whole number below 2 ** 31: one for each seven bits. */
export function varintLength(value: number): number {
  return ((32 - Math.clz32(value | 1)) * 9 + 64) >>> 6;
}

/** Like {@link writeVarint}, for a whole number below 2 ** 31. Kept short so that engines inline it. */
export function putVarint(view: DataView, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) view.setUint8(at++, (rest & 0x7f) | 0x80);
  view.setUint8(at++, rest);
  return at;
}

/** Returns the number that a signed integer is written as, as a protobuf sint32 or sint64. */
export function zigzag(value: number): number {
  return value < 0 ? value * -2 - 1 : value * 2;
}
