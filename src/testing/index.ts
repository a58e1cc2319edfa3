/** For the tests of programs that have metrics: `zeroprom/testing`. */
export { ManualClock, type ManualClockOptions } from '../scheduler/manual-clock.ts';
export { type AssertExpositionOptions, assertExposition } from './assert-exposition.ts';
export { assertIncreases, type Increase } from './assert-increases.ts';
export { assertNoSeriesLeak } from './assert-no-series-leak.ts';
export type { Source } from './metric-source.ts';
export { renderMetric } from './render-metric.ts';
export { sampleValue } from './sample-value.ts';
