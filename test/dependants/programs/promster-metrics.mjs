import * as promster from '@promster/metrics';
import { show } from './show.mjs';

const options = {
  accuracies: ['s'],
  metricTypes: ['httpRequestsHistogram', 'httpRequestsSummary', 'httpRequestsTotal'],
  labels: [],
};
const metrics = promster.createHttpMetrics(options);
const gc = promster.createGcMetrics(options);
promster.createGraphQlMetrics({});
const recorder = promster.createRequestRecorder(metrics, options);
const start = process.hrtime();
recorder(start, { labels: { method: 'get', status_code: 200, path: '/users' } });
recorder(start, { labels: { method: 'post', status_code: 500, path: '/users' } });
for (const up of gc.up) up.set(1);
const again = promster.createCounter({ name: 'own_total', help: 'Help.' });
again.inc(2);
show('the same counter', promster.createCounter({ name: 'own_total', help: 'Help.' }) === again);
show('content type', promster.getContentType());
show('page', await promster.getSummary());
