export { Counter } from './metrics/counter.ts';
export { Gauge } from './metrics/gauge.ts';
export { Histogram } from './metrics/histogram.ts';
export { Summary } from './metrics/summary.ts';
export { exponentialBuckets, linearBuckets } from './metrics/upper-bounds.ts';
export { Registry } from './registry/registry.ts';
