import { zeroprom } from './built.ts';

/** Returns a registry with a counter that has many series of about a hundred bytes. */
export function manySeries(count: number): InstanceType<typeof zeroprom.Registry> {
  const registry = new zeroprom.Registry();
  const labelNames = ['method', 'path', 'code'];
  const options = { name: 'http_requests_total', help: 'Help.', labelNames, maxSeries: Infinity, registry };
  const counter = new zeroprom.Counter(options);
  for (let index = 0; index < count; index++) {
    counter.inc({ method: 'GET', path: `/api/v1/some/long/path/with/number/${index % 50_000}`, code: index }, index);
  }
  return registry;
}
