const THOUSAND = 1e3;
const MILLION = 1e6;
const MILLIARD = 1e9;
const ZERO = 0x30;

/** The text of each number below 1,000, with zeros in front, as a number of three bytes; the first byte is the lowest. */
const TEXTS = new Uint32Array(THOUSAND);
for (let value = 0; value < THOUSAND; value++) {
  const [hundreds, tens, ones] = [Math.floor(value / 100), Math.floor(value / 10) % 10, value % 10];
  TEXTS[value] = (ZERO + hundreds) | ((ZERO + tens) << 8) | ((ZERO + ones) << 16);
}

/** How many bytes `writeDigits()` may touch. */
export const MAX_DIGITS = 12;

/**
 * Writes a whole number below 2 ** 31 and gives the place behind it. Three digits at a time: digit by digit takes twice as
 * long, and numbers are a good part of a scrape.
 */
export function writeDigits(view: DataView, start: number, value: number): number {
  if (value < THOUSAND) return writeHead(view, start, value);
  if (value < MILLION) {
    const head = (value / THOUSAND) | 0;
    return writeThree(view, writeHead(view, start, head), value - head * THOUSAND);
  }
  const head = (value / MILLION) | 0;
  const rest = value - head * MILLION;
  const thousands = (rest / THOUSAND) | 0;
  const at = value < MILLIARD ? writeHead(view, start, head) : writeDigits(view, start, head);
  return writeThree(view, writeThree(view, at, thousands), rest - thousands * THOUSAND);
}

/** A number below 1,000, without zeros in front. */
function writeHead(view: DataView, start: number, value: number): number {
  const zeros = value < 10 ? 2 : value < 100 ? 1 : 0;
  view.setUint32(start, TEXTS[value]! >>> (zeros * 8), true);
  return start + 3 - zeros;
}

function writeThree(view: DataView, start: number, value: number): number {
  view.setUint32(start, TEXTS[value]!, true);
  return start + 3;
}
