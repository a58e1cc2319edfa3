import { numberOption } from '../../model/number-option.ts';
import { COARSEST_SCHEMA, FINEST_SCHEMA } from './native-index.ts';

/** How a histogram keeps exponential buckets. */
export interface NativeOptions {
  /** How much wider than the one before a bucket may be at most: above 1, and 1.1 by default, which is schema 3. */
  readonly growthFactor?: number | undefined;
  /** The resolution by its number instead, -4 to 8: a power of two is cut into 2 ** schema buckets. */
  readonly schema?: number | undefined;
  /** Populated buckets of a series beyond which it gives up resolution: 160 by default; 0 is no limit. */
  readonly maxBuckets?: number | undefined;
  /** Values no further from zero than this count as zero: 2 ** -128 by default; 0 means exactly zero. */
  readonly zeroThreshold?: number | undefined;
  /** How far the zero bucket may grow to spare buckets before resolution is halved: 0, not at all, by default. */
  readonly maxZeroThreshold?: number | undefined;
  /** Beyond `maxBuckets`, a series as old as this starts again from zero instead: 0, never, by default. */
  readonly minResetDurationMs?: number | undefined;
}

/** Checked options; one object serves all series of a histogram. */
export interface NativeSettings {
  readonly schema: number;
  readonly maxBuckets: number;
  readonly zeroThreshold: number;
  readonly maxZeroThreshold: number;
  readonly minResetDurationMs: number;
  /** Milliseconds, from any origin. */
  readonly now: () => number;
}

const DEFAULT_GROWTH_FACTOR = 1.1;
const DEFAULT_MAX_BUCKETS = 160;
const DEFAULT_ZERO_THRESHOLD = 2 ** -128; // A bound at every schema.

/**
 * The options of the metric, checked and complete. `now` is for tests. Throws a TypeError for what is no number and
 * for a growth factor beside a schema, and a RangeError for a number out of range.
 */
export function nativeOptionsOf(
  options: NativeOptions,
  metricName: string,
  now: () => number = () => performance.now(),
): NativeSettings {
  const option = (key: keyof NativeOptions, byDefault: number, isAllowed: (value: number) => boolean, rule: string) =>
    numberOption(options[key], { name: `${metricName}: native.${key}`, byDefault, isAllowed, rule });
  if (options.schema !== undefined && options.growthFactor !== undefined) {
    const { growthFactor, schema } = options;
    throw new TypeError(
      `${metricName}: native takes a growthFactor (${growthFactor}) or a schema (${schema}), not both.`,
    );
  }
  const growthFactor = option('growthFactor', DEFAULT_GROWTH_FACTOR, (factor) => factor > 1, 'above 1');
  return {
    schema: option('schema', schemaOf(growthFactor), isSchema, 'a whole number from -4 to 8'),
    maxBuckets: option('maxBuckets', DEFAULT_MAX_BUCKETS, isCount, 'a whole number, or 0 for no limit'),
    zeroThreshold: option('zeroThreshold', DEFAULT_ZERO_THRESHOLD, isFromZero, '0 or a finite number above it'),
    maxZeroThreshold: option('maxZeroThreshold', 0, isFromZero, '0 or a finite number above it'),
    minResetDurationMs: option('minResetDurationMs', 0, isFromZero, 'a number of milliseconds, or 0 for never'),
    now,
  };
}

/** The coarsest schema whose buckets grow by the factor at most; the finest one for factors below all. */
function schemaOf(growthFactor: number): number {
  let schema = COARSEST_SCHEMA;
  while (schema < FINEST_SCHEMA && 2 ** (2 ** -schema) > growthFactor) schema++;
  return schema;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isFromZero(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY;
}

function isSchema(value: number): boolean {
  return Number.isInteger(value) && value >= COARSEST_SCHEMA && value <= FINEST_SCHEMA;
}
