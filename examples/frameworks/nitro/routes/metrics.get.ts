/** Serves the metrics. */
import { defineHandler } from 'nitro/h3';
import { metricsFetchHandler } from 'zeroprom';
import '../metrics.ts';

const metrics = metricsFetchHandler();

export default defineHandler((event) => metrics(event.req));
