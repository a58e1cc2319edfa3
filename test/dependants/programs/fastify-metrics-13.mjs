import fastify from 'fastify';
import metrics from 'fastify-metrics-13';
import { requestAll, show } from './show.mjs';

const variants = [
  { endpoint: '/metrics' },
  { endpoint: '/metrics', name: 'named', defaultMetrics: { enabled: false } },
  {
    endpoint: '/metrics',
    clearRegisterOnInit: true,
    routeMetrics: {
      overrides: { histogram: { name: 'own_duration_seconds', buckets: [0.5, 60] }, labels: { status_code: 'code' } },
    },
  },
];
for (const options of variants) {
  const app = fastify();
  await app.register(metrics.default ?? metrics, options);
  app.get('/users/:id', async () => 'user');
  const { client } = app[options.name ?? 'metrics'];
  new client.Counter({ name: `own_total_${variants.indexOf(options)}`, help: 'Help.' }).inc(3);
  await app.listen({ port: 0, host: '127.0.0.1' });
  await requestAll(app.server, ['/users/1', '/users/22', '/none', '/metrics']);
  show(
    'names',
    client.register.getMetricsAsArray().map(({ name }) => name),
  );
  client.register.clear();
  await app.close();
}
