/** The subpath `zeroprom/testing`: assertions for the tests of programs that expose metrics. */
export { ManualClock, type ManualClockOptions } from '../scheduler/manual-clock.ts';
export { type AssertExpositionOptions, assertExposition } from './assert-exposition.ts';
export { assertIncreases, type Increase } from './assert-increases.ts';
export { assertNoSeriesLeak } from './assert-no-series-leak.ts';
export { renderMetric, type Source } from './metric-source.ts';
export { sampleValue } from './sample-value.ts';
