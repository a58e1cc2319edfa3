/**
 * Formats a number as Go clients format the values of `le` and `quantile`: shortest digits, with an exponent of at least two
 * digits below 1e-4 and from 1e6 (strconv's format 'g' with precision -1, as expfmt uses it). These values identify a
 * series, so every service must write the same text.
 */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (value === 0) return '0';
  const [digits = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value); // JavaScript writes these without an exponent.
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Like {@link goFloat}, but integers end in `.0`. */
export function openMetricsFloat(value: number): string {
  const text = goFloat(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
