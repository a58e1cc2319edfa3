/** Powers of ten: a number of four digits is below the fourth. */
const FOUR = 1e4;
const EIGHT = 1e8;
const ZERO = 0x30;

/** The text of each number below 10,000, with zeros in front, as a number of four bytes; the first byte is the lowest. */
const TEXTS = new Uint32Array(FOUR);
for (let value = 0; value < FOUR; value++) {
  TEXTS[value] =
    (ZERO + Math.floor(value / 1000)) |
    ((ZERO + (Math.floor(value / 100) % 10)) << 8) |
    ((ZERO + (Math.floor(value / 10) % 10)) << 16) |
    ((ZERO + (value % 10)) << 24);
}

/** How many bytes `writeDigits()` may touch. */
export const MAX_DIGITS = 12;

/**
 * Writes a whole number below 2 ** 31 and gives the place behind it. Four digits at a time: digit by digit takes twice as
 * long, and numbers are a good part of a scrape.
 */
export function writeDigits(view: DataView, start: number, value: number): number {
  if (value < FOUR) return writeHead(view, start, value);
  if (value < EIGHT) {
    const head = (value / FOUR) | 0;
    const at = writeHead(view, start, head);
    view.setUint32(at, TEXTS[value - head * FOUR]!, true);
    return at + 4;
  }
  const head = (value / EIGHT) | 0;
  const rest = value - head * EIGHT;
  const middle = (rest / FOUR) | 0;
  const at = writeHead(view, start, head);
  view.setUint32(at, TEXTS[middle]!, true);
  view.setUint32(at + 4, TEXTS[rest - middle * FOUR]!, true);
  return at + 8;
}

/** A number below 10,000, without zeros in front. */
function writeHead(view: DataView, start: number, value: number): number {
  const zeros = value < 10 ? 3 : value < 100 ? 2 : value < 1000 ? 1 : 0;
  view.setUint32(start, TEXTS[value]! >>> (zeros * 8), true);
  return start + 4 - zeros;
}
