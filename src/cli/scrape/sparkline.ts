const BARS = [...'▁▂▃▄▅▆▇█'];

/** A curve of bars, a character for each value, from the lowest to the highest; what is no number leaves a gap. */
export function sparkline(values: readonly number[]): string {
  const numbers = values.filter(Number.isFinite);
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  return values.map((value) => (Number.isFinite(value) ? barOf(value, low, high) : ' ')).join('');
}

function barOf(value: number, low: number, high: number): string {
  // Halves first: the difference of two numbers may be more than a number can be.
  const share = high === low ? 0 : (value / 2 - low / 2) / (high / 2 - low / 2);
  return BARS[Math.min(Math.floor(share * BARS.length), BARS.length - 1)] ?? ' ';
}
