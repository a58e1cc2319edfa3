/** Whether this is `npm run test:long`, which runs some tests with more or larger inputs than `npm test`. */
export const isLong = process.env.LONG_TESTS === '1';

/** Returns the count or size for this run. */
export function sized(short: number, long: number): number {
  return isLong ? long : short;
}
