import { prometheus } from '@hono/prometheus';
import { Hono } from 'hono';
import { Registry } from 'prom-client';
import { show } from './show.mjs';

const variants = [
  {},
  { collectDefaultMetrics: true, prefix: 'shop_' },
  {
    registry: new Registry(),
    metricOptions: {
      requestDuration: { customLabels: { content_type: (c) => c.res.headers.get('content-type') }, buckets: [0.5, 60] },
      requestsTotal: { disabled: false, name: 'own_total' },
    },
  },
];
for (const options of variants) {
  const { printMetrics, registerMetrics } = prometheus(options);
  const app = new Hono();
  app.use('*', registerMetrics);
  app.get('/metrics', printMetrics);
  app.get('/users/:id', (c) => c.text('user'));
  app.get('/broken', () => {
    throw new Error('no');
  });
  app.onError((_, c) => c.text('error', 500));
  for (const path of ['/users/1', '/users/2', '/none', '/broken']) await app.request(path);
  show('page', await (await app.request('/metrics')).text());
}
