import CircuitBreaker from 'opossum';
import PrometheusMetrics from 'opossum-prometheus';
import { Registry } from 'prom-client';
import { show } from './show.mjs';

async function run(options) {
  const circuit = new CircuitBreaker(async (fails) => (fails ? Promise.reject(new Error('no')) : 'ok'), {
    name: 'mail',
  });
  const metrics = new PrometheusMetrics({ circuits: [circuit], ...options });
  await circuit.fire(false);
  await circuit.fire(true).catch(() => {});
  show('page', await metrics.metrics);
  metrics.clear();
  circuit.shutdown();
}
await run({ registry: new Registry() });
await run({ metricPrefix: 'shop_' });
await run({ registry: new Registry(), exposePerformanceMetrics: false });
