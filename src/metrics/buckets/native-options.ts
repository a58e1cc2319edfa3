import { numberOption } from '../../model/number-option.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import { COARSEST_SCHEMA, FINEST_SCHEMA } from './native-index.ts';

/** Options of the exponential buckets of a histogram. */
export interface NativeOptions {
  /**
   * Maximum ratio between the bounds of adjacent buckets; above 1. The default corresponds to schema 3.
   *
   * @defaultValue `1.1`
   */
  readonly growthFactor?: number | undefined;
  /**
   * Resolution by its number instead of `growthFactor`: 2 ** schema buckets per power of two. From -4 to 8.
   *
   * @defaultValue the coarsest schema that keeps to `growthFactor`
   */
  readonly schema?: number | undefined;
  /**
   * Maximum number of populated buckets per series; 0 for no limit. A series that exceeds it reduces its resolution.
   *
   * @defaultValue `160`
   */
  readonly maxBuckets?: number | undefined;
  /**
   * Values whose absolute value is at most this are counted in the zero bucket; 0 for exact zeros only.
   *
   * @defaultValue `2 ** -128`
   */
  readonly zeroThreshold?: number | undefined;
  /**
   * Maximum width of the zero bucket. Beyond `maxBuckets` it is widened up to this limit before the resolution is
   * halved; 0 keeps its width.
   *
   * @defaultValue `0`
   */
  readonly maxZeroThreshold?: number | undefined;
  /**
   * Minimum age in milliseconds at which a series beyond `maxBuckets` is reset to zero instead of reducing its
   * resolution; 0 for never.
   *
   * @defaultValue `0`
   */
  readonly minResetDurationMs?: number | undefined;
}

const NATIVE_OPTIONS: OptionNames<NativeOptions> = {
  growthFactor: true,
  schema: true,
  maxBuckets: true,
  zeroThreshold: true,
  maxZeroThreshold: true,
  minResetDurationMs: true,
};

/** Checked options. All series of a histogram share one object. */
export interface NativeSettings {
  readonly schema: number;
  readonly maxBuckets: number;
  readonly zeroThreshold: number;
  readonly maxZeroThreshold: number;
  readonly minResetDurationMs: number;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
}

const DEFAULT_GROWTH_FACTOR = 1.1;
const DEFAULT_MAX_BUCKETS = 160;
const DEFAULT_ZERO_THRESHOLD = 2 ** -128; // A bound at every schema.

/**
 * Checks the options of a metric and completes them with defaults. `now` is for tests. Throws a TypeError for anything
 * but numbers and if both growthFactor and schema are given, and a RangeError for numbers out of range.
 */
export function nativeOptionsOf(
  options: NativeOptions,
  metricName: string,
  now: () => number = () => performance.now(),
): NativeSettings {
  checkOptionNames(`${metricName}: native`, options, NATIVE_OPTIONS);
  const option = (key: keyof NativeOptions, byDefault: number, isAllowed: (value: number) => boolean, rule: string) =>
    numberOption(options[key], { name: `${metricName}: native.${key}`, byDefault, isAllowed, rule });
  if (options.schema !== undefined && options.growthFactor !== undefined) {
    const { growthFactor, schema } = options;
    throw new TypeError(
      `${metricName}: native takes either a growthFactor or a schema, got ${growthFactor} and ${schema}.`,
    );
  }
  const growthFactor = option('growthFactor', DEFAULT_GROWTH_FACTOR, (factor) => factor > 1, 'above 1');
  const isSchema = (value: number) => Number.isInteger(value) && value >= COARSEST_SCHEMA && value <= FINEST_SCHEMA;
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;
  return {
    schema: option('schema', schemaOf(growthFactor), isSchema, 'a whole number from -4 to 8'),
    maxBuckets: option('maxBuckets', DEFAULT_MAX_BUCKETS, isCount, 'a whole number of at least 0'),
    zeroThreshold: option('zeroThreshold', DEFAULT_ZERO_THRESHOLD, isFromZero, 'a finite number of at least 0'),
    maxZeroThreshold: option('maxZeroThreshold', 0, isFromZero, 'a finite number of at least 0'),
    minResetDurationMs: option('minResetDurationMs', 0, isFromZero, 'a finite number of milliseconds of at least 0'),
    now,
  };
}

/** The coarsest schema whose buckets grow at most by the factor, or the finest schema. */
function schemaOf(growthFactor: number): number {
  let schema = COARSEST_SCHEMA;
  while (schema < FINEST_SCHEMA && 2 ** (2 ** -schema) > growthFactor) schema++;
  return schema;
}

function isFromZero(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY;
}
