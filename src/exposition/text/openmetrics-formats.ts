import type { Format } from '../encoding/format.ts';
import { openMetrics0Type, openMetrics2Type, openMetricsType } from '../encoding/media-types.ts';
import { OpenMetrics2Encoder } from './openmetrics-2-encoder.ts';
import { OpenMetricsEncoder } from './openmetrics-encoder.ts';

/** OpenMetrics 1.0.0. */
export const openMetrics: Format = {
  ...openMetricsType,
  encoder: (writer, options) => new OpenMetricsEncoder(writer, options),
};

/** OpenMetrics 0.0.1, which Prometheus up to 2.33 asks for. The text is the same as that of OpenMetrics 1.0.0. */
export const openMetrics0: Format = {
  ...openMetrics0Type,
  encoder: (writer, options) => new OpenMetricsEncoder(writer, options),
};

/**
 * OpenMetrics 2.0.0. Experimental, because the specification is a release candidate. Prometheus asks for it from 3.15
 * if the feature `openmetrics2` is enabled and `OpenMetricsText2.0.0` is among the scrape protocols. All its readers
 * support quoted names.
 */
export const openMetrics2: Format = {
  ...openMetrics2Type,
  encoder: (writer, options) => new OpenMetrics2Encoder(writer, options),
};
