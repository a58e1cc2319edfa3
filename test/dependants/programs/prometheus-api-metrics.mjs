import { createRequire } from 'node:module';
import express from 'express';
import { Counter } from 'prom-client';
import { listening, requestAll } from './show.mjs';

// It asks for the file that requires it, which an import does not have.
const apiMetrics = createRequire(import.meta.url)('prometheus-api-metrics');
const app = express();
app.use(
  apiMetrics({
    metricsPath: '/metrics',
    defaultMetricsInterval: 1000,
    additionalLabels: ['customer'],
    extractAdditionalLabelValuesFn: () => ({ customer: 'a "b"' }),
  }),
);
app.use(express.json());
app.get('/users/:id', (_, response) => response.json({ user: 1 }));
new Counter({ name: 'own_total', help: 'Help.' }).inc(2);
await requestAll(await listening(app), ['/users/1', '/users/2', '/none', '/metrics', '/metrics.json']);
