/** Serves the metrics with an API route of the pages router. An application needs only one of the two. */
import { metricsHandler } from 'zeroprom';
import '../../lib/metrics.ts';

export default metricsHandler();
