import { zeroprom } from './built.ts';

/** Returns a registry with a counter, or a histogram, a native one with `native`, that has many series. */
export function manySeries(count: number, kind = 'counter'): InstanceType<typeof zeroprom.Registry> {
  const registry = new zeroprom.Registry();
  const labelNames = ['method', 'path', 'code'];
  const options = { help: 'Help.', labelNames, maxSeries: Infinity, registry };
  const labelsOf = (index: number) => ({
    method: 'GET',
    path: `/api/v1/some/long/path/with/number/${index % 50_000}`,
    code: index,
  });
  if (kind === 'counter') {
    const counter = new zeroprom.Counter({ name: 'http_requests_total', ...options });
    for (let index = 0; index < count; index++) counter.inc(labelsOf(index), index);
  } else {
    const native = kind === 'native' ? { native: {} } : {};
    const histogram = new zeroprom.Histogram({ name: 'http_request_duration_seconds', ...options, ...native });
    for (let index = 0; index < count; index++) {
      const labels = labelsOf(index);
      for (let at = 0; at < 10; at++) histogram.observe(labels, 0.003 * 1.37 ** ((index * 7 + at * 11) % 27));
    }
  }
  return registry;
}
