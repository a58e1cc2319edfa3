const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const NOT_A_NUMBER = /^nan$/i;
/** Longer texts are refused unread: no double needs as many digits. */
const MAX_LENGTH = 65_536;

/**
 * The number that a value of an exposition spells: decimal digits with a point or an exponent, `inf` or `infinity`
 * with or without a sign, `nan` without one, in any case. Undefined for anything else: an empty text, hexadecimal,
 * `1_000`, blanks around it, and what is too large for a double.
 */
export function parseNumber(text: string): number | undefined {
  const value = parseUnboundedNumber(text);
  return value !== undefined && Math.abs(value) === Number.POSITIVE_INFINITY && !INFINITE.test(text)
    ? undefined
    : value;
}

/** As `parseNumber()`, but what is too large for a double is infinite: the grammar of OpenMetrics knows no limit. */
export function parseUnboundedNumber(text: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  if (DECIMAL.test(text)) return Number(text);
  if (INFINITE.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return NOT_A_NUMBER.test(text) ? Number.NaN : undefined;
}
