const THOUSAND = 1e3;
const ZERO = 0x30;
const LINE_FEED = 0x0a;

/**
 * The text of each number below 1,000, with zeros in front, and a line feed, as a number of four bytes; the first byte is
 * the lowest.
 */
const TEXTS = new Uint32Array(THOUSAND);
for (let value = 0; value < THOUSAND; value++) {
  const [hundreds, tens, ones] = [Math.floor(value / 100), Math.floor(value / 10) % 10, value % 10];
  TEXTS[value] = (ZERO + hundreds) | ((ZERO + tens) << 8) | ((ZERO + ones) << 16) | (LINE_FEED << 24);
}

/** How many bytes `writeDigits()` may touch. */
export const MAX_DIGITS = 12;

/**
 * Writes a whole number below 2 ** 31, and a line feed for those who want one, and gives the place of that. Three digits at
 * a time: digit by digit takes twice as long, and numbers are a good part of a scrape. It is short, as engines put only what
 * is short in the place of a call.
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
