import express from 'express';
import bundle from 'express-prom-bundle';
import { listening, requestAll, show } from './show.mjs';

const variants = [
  {
    promClient: { collectDefaultMetrics: {} },
    includeMethod: true,
    includePath: true,
    customLabels: { project: 'shop' },
  },
  { metricType: 'summary', maxAgeSeconds: 60, ageBuckets: 5, pruneAgedBuckets: true, includeMethod: true },
  { buckets: [0.5, 60], httpDurationMetricName: 'own_seconds', includeUp: false, autoregister: true },
];
for (const options of variants) {
  bundle.promClient.register.clear();
  const app = express();
  app.use(bundle(options));
  app.get('/users/:id', (_, response) => response.send('user'));
  await requestAll(await listening(app), ['/users/1', '/users/22', '/none', '/metrics']);
}
const registry = new bundle.promClient.Registry();
const app = express();
app.use(bundle({ promRegistry: registry }));
await requestAll(await listening(app), ['/none', '/metrics']);
show('content type', registry.contentType);
