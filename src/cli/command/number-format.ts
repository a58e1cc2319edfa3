const counts = new Intl.NumberFormat('en-US');

/** `12,345`. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** A value in at most six digits: enough to be recognized, short enough for a column. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  return String(Number(value.toPrecision(6)));
}

/** `3 families`, `1 family`. */
export function plural(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
