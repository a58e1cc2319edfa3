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
  if (exponent >= -4 && exponent < 6) return plain(value);
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function plain(value: number): string {
  return String(value); // Between 1e-4 and 1e6 JavaScript writes no exponent.
}
