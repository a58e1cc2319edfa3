const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0; // Index of the high word in the byte order of the machine.

/**
 * Upper half of the bits of a double: sign, 11 bits of exponent (1023 for [1, 2)), and the first 20 bits of the
 * mantissa.
 */
export function highWord(value: number): number {
  double[0] = value;
  return words[HIGH]!;
}

/** Mantissa of a normal number, in [1, 2). */
export function mantissaOf(value: number): number {
  double[0] = value;
  words[HIGH] = (words[HIGH]! & 0xfffff) | 0x3ff00000; // The exponent of [1, 2).
  return double[0]!;
}
