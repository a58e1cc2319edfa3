/**
 * A number as the Go clients lay out the values of `le` and `quantile`: shortest digits, an exponent of at least two
 * digits below 1e-4 and from 1e6 on (there: strconv's format 'g' with precision -1, as expfmt applies it). Such values
 * identify a series, so every service has to write the same.
 */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (value === 0) return '0';
  const [digits = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value); // Here JavaScript writes no exponent.
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** As `goFloat()`, and with `.0` where nothing else says that the number is no integer. */
export function openMetricsFloat(value: number): string {
  const text = goFloat(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
