import { Counter, Gauge, Histogram, Info, Registry, StateSet, Summary } from '../../src/index.ts';

const trace = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' };

/** Metrics of all types. Names have only letters, digits and underscores, because OTLP is translated to such names by default. */
export function filledRegistry(): Registry {
  const registry = new Registry({ selfMetrics: false });
  const counter = new Counter({ name: 'c_bytes_total', unit: 'bytes', help: 'C.', labelNames: ['a', 'b'], registry });
  counter.inc({ a: '"\\\n', b: '' }, 2.5);
  counter.inc({ a: 'é', b: '1' }, 1, trace);
  new Counter({ name: 'plain_total', help: 'P.', registry }).inc(7);
  const gauge = new Gauge({ name: 'g_celsius', unit: 'celsius', help: 'G.', labelNames: ['kind'], registry });
  gauge.set({ kind: 'negative' }, -1.5);
  gauge.set({ kind: 'infinite' }, Number.POSITIVE_INFINITY);
  gauge.set({ kind: 'nan' }, Number.NaN);
  new Gauge({ name: 'g_ratio', unit: 'ratio', help: 'R.', registry }).set(0.25);
  const buckets = [0.1, 1, 2.5, 1e6];
  const histogram = new Histogram({ name: 'h_seconds', unit: 'seconds', help: 'H.', buckets, registry });
  histogram.observe(0.5, trace);
  histogram.observe(3);
  const observedNothing = new Histogram({ name: 'e_seconds', help: 'E.', buckets, labelNames: ['a'], registry });
  observedNothing.labels('x');
  new Histogram({ name: 'nan_seconds', help: 'N.', buckets, registry }).observe(Number.NaN);
  const native = new Histogram({ name: 'n_seconds', unit: 'seconds', help: 'N.', native: {}, registry });
  for (const value of [0, 0.001, 0.5, 2, 2.1, -7, 1e9]) native.observe(value);
  native.observe(0.5, trace);
  const summary = new Summary({ name: 's_seconds', unit: 'seconds', help: 'S.', quantiles: [0.5, 1], registry });
  for (const value of [1, 2, 3]) summary.observe(value);
  new Info({ name: 'build_info', help: 'I.', labelNames: ['version'], registry }).set({ version: '1' });
  new StateSet({ name: 'mode', help: 'M.', states: ['on', 'off'], registry }).set('on');
  return registry;
}
