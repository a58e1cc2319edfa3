const THOUSAND = 1e3;
const ZERO = 0x30;
const LINE_FEED = 0x0a;
const MINUS = 0x2d;
const POINT = 0x2e;
/** A number below this with at most six decimals has at most 15 digits, which a double can tell apart. */
const DECIMALS_BELOW = 1e9;

/**
 * The text of each number below 1,000, padded with zeros, and a line feed, as an integer of four bytes; the first byte is
 * the lowest.
 */
const TEXTS = new Uint32Array(THOUSAND);
for (let value = 0; value < THOUSAND; value++) {
  const [hundreds, tens, ones] = [Math.floor(value / 100), Math.floor(value / 10) % 10, value % 10];
  TEXTS[value] = (ZERO + hundreds) | ((ZERO + tens) << 8) | ((ZERO + ones) << 16) | (LINE_FEED << 24);
}

/** Number of bytes that `writeDigits()` may touch. */
export const MAX_DIGITS = 12;

/** Number of bytes that `writeDecimals()` may touch: the sign, and digits on both sides of the point. */
export const MAX_DECIMALS = 1 + 2 * MAX_DIGITS;

/**
 * Writes a whole number below 2 ** 31, followed by a line feed for callers that need one, and returns the position of the
 * line feed. Writes three digits at a time: digit by digit takes twice as long. Kept short so that engines inline it.
 */
export function writeDigits(view: DataView, start: number, value: number): number {
  const head = value < THOUSAND ? value : (value / THOUSAND) | 0;
  let at = start;
  if (head < THOUSAND) {
    const zeros = head < 10 ? 2 : head < 100 ? 1 : 0;
    view.setUint32(at, TEXTS[head]! >>> (zeros * 8), true);
    at += 3 - zeros;
  } else {
    at = writeDigits(view, start, head);
  }
  if (value < THOUSAND) return at;
  view.setUint32(at, TEXTS[value - head * THOUSAND]!, true);
  return at + 3;
}

/** Writes a number with at most six decimals and returns the position after it; returns -1 for any other number. */
export function writeDecimals(view: DataView, start: number, value: number): number {
  const size = Math.abs(value);
  const millionths = Math.round(size * 1e6);
  if (!(size < DECIMALS_BELOW) || millionths / 1e6 !== size) return -1;
  const whole = Math.floor(size);
  const fraction = millionths - whole * 1e6;
  if (value < 0) view.setUint8(start, MINUS);
  const at = writeDigits(view, value < 0 ? start + 1 : start, whole);
  if (fraction === 0) return at;
  let end = writeDigits(view, at, 1e6 + fraction); // Seven digits; the point replaces the first.
  view.setUint8(at, POINT);
  while (view.getUint8(end - 1) === ZERO) end--;
  return end;
}

/**
 * Returns the time in milliseconds, as most formats have it; undefined for invalid times and for times before 1970, for
 * whose sign a server that reads text rejects the entire scrape.
 */
export function millisecondsOf(seconds: number): number | undefined {
  const milliseconds = Math.round(seconds * 1000);
  return milliseconds >= 0 && Number.isSafeInteger(milliseconds) ? milliseconds : undefined;
}

/** Returns whether OpenMetrics can show the time. It may be before 1970; servers store milliseconds in 64 bits. */
export function isShownTime(seconds: number): boolean {
  return Number.isSafeInteger(Math.round(seconds * 1000));
}
