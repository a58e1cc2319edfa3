/** Serves the metrics with a route handler of the app router. */
import { metricsFetchHandler } from 'zeroprom';
import '../../lib/metrics.ts';

export const dynamic = 'force-dynamic';
export const GET = metricsFetchHandler();
