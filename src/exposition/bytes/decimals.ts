import { MAX_DIGITS, writeDigits } from './digits.ts';

const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
/** Decimals up to a millionth and below a thousand million have at most 15 digits, which a double keeps apart. */
const BELOW = 1e9;

/** How many bytes `writeDecimals()` may touch: the sign, and digits on both sides of the point. */
export const MAX_DECIMALS = 1 + 2 * MAX_DIGITS;

/** Writes a number of at most six decimals and gives the place behind it, or writes nothing and gives -1 for any other. */
export function writeDecimals(view: DataView, start: number, value: number): number {
  const size = Math.abs(value);
  const millionths = Math.round(size * 1e6);
  if (!(size < BELOW) || millionths / 1e6 !== size) return -1;
  const whole = Math.floor(size);
  const fraction = millionths - whole * 1e6;
  if (value < 0) view.setUint8(start, MINUS);
  const at = writeDigits(view, value < 0 ? start + 1 : start, whole);
  if (fraction === 0) return at;
  let end = writeDigits(view, at, 1e6 + fraction); // Seven digits, of which the point takes the place of the first.
  view.setUint8(at, POINT);
  while (view.getUint8(end - 1) === ZERO) end--;
  return end;
}
