/**
 * Measures the data structures of histograms and summaries: nanoseconds per observation and bytes per series. `tsx
 * bench/structures.ts`; each case runs in its own process, so that it does not slow down the next.
 */
import { spawnSync } from 'node:child_process';
import { BucketFinder } from '../src/metrics/buckets/bucket-finder.ts';
import { defaultBuckets, exponentialBucketsRange } from '../src/metrics/buckets/buckets.ts';
import { NativeBuckets } from '../src/metrics/buckets/native-buckets.ts';
import { nativeOptionsOf } from '../src/metrics/buckets/native-options.ts';
import { PeakWindow } from '../src/metrics/quantiles/peak-window.ts';
import { QuantileWindow, quantileOptionsOf } from '../src/metrics/quantiles/quantile-window.ts';
import { windowOptionsOf } from '../src/metrics/quantiles/sliding-window.ts';

const randomState = { seed: 1 };
const ROUNDS = 200;
const SERIES = 1000;

/** Durations around 50 ms, from a generator with a fixed seed. */
const latencies = Float64Array.from({ length: 2 ** 16 }, () => 0.05 * Math.exp(1.2 * normal()));
/** From a nanosecond to 30 years, 12 places each with 8 values: many gaps between buckets. */
const scattered = latencies.map(() => 10 ** (3 * Math.floor(random() * 6) - 9) * (1 + Math.floor(random() * 8) / 8));

const cases: Record<string, () => string> = {
  'empty loop': () => time(latencies, () => {}),
  'bucket finder, 11 bounds': () => timeFinder(defaultBuckets),
  'bucket finder, 50 bounds': () => timeFinder(exponentialBucketsRange(0.001, 10, 50)),
  'bucket finder, 200 bounds': () => timeFinder(exponentialBucketsRange(0.001, 10, 200)),
  'native, schema 3': () => timeNative(3, latencies),
  'native, schema 5': () => timeNative(5, latencies, 0),
  'native, schema 3, scattered': () => timeNative(3, scattered),
  'quantiles, time passed in': () => {
    const window = new QuantileWindow(quantileOptionsOf({}, 's'), 0);
    return time(latencies, (value) => window.observe(value, 0));
  },
  'quantiles, Date.now() each': () => {
    const window = new QuantileWindow(quantileOptionsOf({}, 's'), Date.now());
    return time(latencies, (value) => window.observe(value, Date.now()));
  },
  'quantiles, a million of each shape': errors,
  'quantiles, reading one': () => {
    const window = new QuantileWindow(quantileOptionsOf({}, 's'), 0);
    for (const value of latencies) window.observe(value, 0);
    return time(latencies.subarray(0, 50), () => void window.quantile(0.99, 0));
  },
  'peak, time passed in': () => {
    const peak = new PeakWindow(windowOptionsOf({}, 'p'), 0);
    return time(latencies, (value) => peak.observe(value, 0));
  },
  'bytes: native, schema 3': () => bytes(() => native(3, latencies)),
  'bytes: native, schema 5': () => bytes(() => native(5, latencies, 0)),
  'bytes: native, schema 3, scattered': () => bytes(() => native(3, scattered)),
  'bytes: native, no observation': () => bytes(() => native(3, new Float64Array(0))),
  'bytes: quantiles': () =>
    bytes(() => {
      const window = new QuantileWindow(quantileOptionsOf({}, 's'), 0);
      for (const value of latencies.subarray(0, 3000)) window.observe(value, 0);
      return window;
    }),
};

const chosen = process.argv[2];
if (chosen === undefined) runAll();
else console.log(chosen.padEnd(36), cases[chosen]?.());

function runAll(): void {
  for (const name of Object.keys(cases)) {
    const args = ['--expose-gc', '--import', 'tsx', import.meta.filename, name];
    spawnSync(process.execPath, args, { stdio: 'inherit' });
  }
}

function timeFinder(bounds: readonly number[]): string {
  const finder = new BucketFinder(bounds);
  const counts = new Float64Array(bounds.length + 1);
  return time(latencies, (value) => {
    counts[finder.find(value)]! += 1;
  });
}

function timeNative(schema: number, values: Float64Array, maxBuckets?: number): string {
  const buckets = native(schema, values, maxBuckets);
  return `${time(values, (value) => void buckets.observe(value))}  schema ${buckets.schema}, ${buckets.positive.size} buckets`;
}

function native(schema: number, values: Float64Array, maxBuckets?: number): NativeBuckets {
  const buckets = new NativeBuckets(nativeOptionsOf({ schema, maxBuckets }, 'h'));
  for (const value of values.subarray(0, 3000)) buckets.observe(value);
  return buckets;
}

/** Returns the minimum of many short rounds: noise can only lengthen them. */
function time(values: Float64Array, observe: (value: number) => void): string {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    for (let at = 0; at < values.length; at++) observe(values[at]!);
    best = Math.min(best, performance.now() - started);
  }
  return `${((best * 1e6) / values.length).toFixed(1).padStart(9)} ns`;
}

function bytes(make: () => object): string {
  make();
  const before = used();
  const kept = Array.from({ length: SERIES }, make);
  const each = (used() - before) / kept.length;
  return `${Math.round(each)} bytes`.padStart(15);
}

function used(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Returns the largest relative error of some quantiles of a million values, compared with sorting. */
function errors(): string {
  const uniform = Float64Array.from({ length: 1e6 }, random);
  const shapes = {
    uniform,
    exponential: uniform.map((value) => -Math.log(value)),
    sorted: uniform.toSorted(),
    reversed: uniform.toSorted().reverse(),
    constant: uniform.map(() => 0.3),
    'around 0': uniform.map((value) => value - 0.5),
  };
  const found = Object.entries(shapes).map(
    ([shape, values]) => `${shape} ${(100 * largestError(values)).toFixed(2)} %`,
  );
  return `largest error: ${found.join(', ')}`;
}

function largestError(values: Float64Array): number {
  const window = new QuantileWindow(quantileOptionsOf({}, 's'), 0);
  for (const value of values) window.observe(value, 0);
  const sorted = values.toSorted();
  const found = Array.from({ length: 1001 }, (_, permille) => {
    const exact = sorted[Math.floor((permille / 1000) * (sorted.length - 1))]!;
    return Math.abs(window.quantile(permille / 1000, 0) / exact - 1);
  });
  return Math.max(...found);
}

function random(): number {
  randomState.seed = (Math.imul(randomState.seed, 1103515245) + 12345) & 0x7fffffff;
  return (randomState.seed + 0.5) / 2 ** 31;
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}
