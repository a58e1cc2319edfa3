import { numberOption } from '../../model/number-option.ts';

/** A window of time that slides in steps. */
export interface WindowOptions {
  /** How long an observation counts, in milliseconds: ten minutes by default, `Infinity` for all there ever were. It leaves up to one step earlier. */
  readonly maxAgeMs?: number | undefined;
  /** The steps that the window is cut into: five by default. */
  readonly ageBuckets?: number | undefined;
}

const DEFAULT_MAX_AGE_MS = 10 * 60 * 1000;
const DEFAULT_AGE_BUCKETS = 5;

/** The options of the metric, checked and complete. Throws TypeErrors and RangeErrors that name it. */
export function windowOptionsOf({ maxAgeMs, ageBuckets }: WindowOptions, metricName: string) {
  return {
    maxAgeMs: numberOption(maxAgeMs, {
      name: `${metricName}: maxAgeMs`,
      byDefault: DEFAULT_MAX_AGE_MS,
      isAllowed: (value) => value > 0,
      rule: 'a number of milliseconds above 0, or Infinity',
    }),
    ageBuckets: numberOption(ageBuckets, {
      name: `${metricName}: ageBuckets`,
      byDefault: DEFAULT_AGE_BUCKETS,
      isAllowed: (value) => Number.isInteger(value) && value >= 1 && value <= 60,
      rule: 'a whole number from 1 to 60',
    }),
  };
}
