import { NativeBuckets } from '../../src/metrics/buckets/native-buckets.ts';
import { nativeOptionsOf } from '../../src/metrics/buckets/native-options.ts';
import type { NativeBucketCounts } from '../../src/model/family.ts';

/** Options and observations with the names and notation of client_golang. */
export interface NativeObserveRequest {
  readonly options: {
    readonly bucket_factor: string;
    readonly max_bucket_number: number;
    readonly max_zero_threshold: string;
    /** 0 means the default; a negative value means a threshold of zero. */
    readonly zero_threshold_option: string;
  };
  readonly observations: readonly string[] | null;
}

/** Returns the exposition of a histogram with these options after these observations, for the operation `native_observe`. */
export function nativeObserve({ options, observations }: NativeObserveRequest) {
  const threshold = Number(options.zero_threshold_option);
  const buckets = new NativeBuckets(
    nativeOptionsOf(
      {
        growthFactor: Number(options.bucket_factor),
        maxBuckets: options.max_bucket_number,
        maxZeroThreshold: Number(options.max_zero_threshold),
        zeroThreshold: threshold === 0 ? undefined : Math.max(0, threshold),
      },
      'native',
    ),
  );
  const values = (observations ?? []).map(numberOf);
  for (const value of values) buckets.observe(value);
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    histogram: {
      schema: buckets.schema,
      zero_threshold: buckets.zeroThreshold,
      zero_count: buckets.zeroCount,
      sample_count: values.length,
      sample_sum: Number.isFinite(sum) ? sum : String(sum),
      positive: countsByIndex(buckets.positive),
      negative: countsByIndex(buckets.negative),
    },
  };
}

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

function countsByIndex({ indexes, counts }: NativeBucketCounts): Record<string, number> {
  return Object.fromEntries(Array.from(indexes, (index, at) => [index, counts[at] ?? 0]));
}
