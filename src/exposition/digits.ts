const THOUSAND = 1e3;
const MILLION = 1e6;
const MILLIARD = 1e9;
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
 * a time: digit by digit takes twice as long, and numbers are a good part of a scrape.
 */
export function writeDigits(view: DataView, start: number, value: number): number {
  let at = start;
  let rest = value;
  // The first group is without zeros in front; what follows it has all three digits.
  let head = rest;
  let groups = 0;
  if (rest >= MILLIARD) {
    head = (rest / MILLIARD) | 0;
    groups = 3;
    rest -= head * MILLIARD;
  } else if (rest >= MILLION) {
    head = (rest / MILLION) | 0;
    groups = 2;
    rest -= head * MILLION;
  } else if (rest >= THOUSAND) {
    head = (rest / THOUSAND) | 0;
    groups = 1;
    rest -= head * THOUSAND;
  }
  const zeros = head < 10 ? 2 : head < 100 ? 1 : 0;
  view.setUint32(at, TEXTS[head]! >>> (zeros * 8), true);
  at += 3 - zeros;
  if (groups === 3) {
    const millions = (rest / MILLION) | 0;
    view.setUint32(at, TEXTS[millions]!, true);
    at += 3;
    rest -= millions * MILLION;
  }
  if (groups >= 2) {
    const thousands = (rest / THOUSAND) | 0;
    view.setUint32(at, TEXTS[thousands]!, true);
    at += 3;
    rest -= thousands * THOUSAND;
  }
  if (groups >= 1) {
    view.setUint32(at, TEXTS[rest]!, true);
    at += 3;
  }
  return at;
}
