/** Serves the metrics. */
import { metricsFetchHandler } from 'zeroprom';
import '../utils/metrics.ts';

export default fromWebHandler(metricsFetchHandler());
