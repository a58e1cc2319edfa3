export {
  AssertExpositionOptions,
  Increase,
  ManualClock,
  ManualClockOptions,
  Source,
  assertExposition,
  assertIncreases,
  assertNoSeriesLeak,
  renderMetric,
  sampleValue,
} from "./chunks/types.js";
