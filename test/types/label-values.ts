/** Errors of the compiler about labels with listed values, bound labels and missing labels. It is never run. */
import { Counter, Gauge, Histogram, Info, StateSet, Summary } from '../../src/index.ts';

const shared = { help: 'Help.', registry: null } as const;

export function values(): void {
  const labelNames = { method: ['GET', 'POST'], code: Number, route: String, cached: Boolean } as const;
  const histogram = new Histogram({ ...shared, name: 'h', labelNames });
  const labels = { method: 'GET', code: 200, route: '/', cached: true } as const;
  histogram.observe(labels, 1);
  histogram.observe({ ...labels, method: 'POST' }, 1);
  histogram.labels(labels).observe(1);
  histogram.removeMatching({ method: 'POST' });
  histogram.startTimer({ method: 'GET', cached: false })({ code: 200, route: '/' });

  // @ts-expect-error PUT is not in the list
  histogram.observe({ ...labels, method: 'PUT' }, 1);
  // @ts-expect-error a string is not a number
  histogram.observe({ ...labels, code: '200' }, 1);
  // @ts-expect-error a number is not a string
  histogram.observe({ ...labels, route: 1 }, 1);
  // @ts-expect-error a string is not a boolean
  histogram.observe({ ...labels, cached: 'true' }, 1);
  // @ts-expect-error a label is missing
  histogram.observe({ method: 'GET', code: 200, route: '/' }, 1);
  // @ts-expect-error PUT is not in the list
  histogram.labels({ ...labels, method: 'PUT' });
  // @ts-expect-error PUT is not in the list
  histogram.remove({ ...labels, method: 'PUT' });
  // @ts-expect-error PUT is not in the list
  histogram.removeMatching({ method: 'PUT' });
  // @ts-expect-error PUT is not in the list
  histogram.startTimer({ method: 'PUT' });
  // @ts-expect-error a string is not a number
  histogram.startTimer({ method: 'GET' })({ code: '200', route: '/', cached: true });
  // @ts-expect-error values by position have no order in an object
  histogram.labels('GET', 200, '/', true);
  // @ts-expect-error PUT is not in the list
  histogram.curry({ method: 'PUT' });
  // @ts-expect-error code is in no list of names
  new Counter({ ...shared, name: 'c_total', labelNames: ['method'], normalize: { code: () => '' } });
  new Counter({ ...shared, name: 'c_total', labelNames: ['method'], normalize: { method: (text) => text } });

  // An object that is written in place needs no `as const`.
  const counter = new Counter({ ...shared, name: 'c_total', labelNames: { method: ['GET'] }, initialize: true });
  counter.inc({ method: 'GET' });
  // @ts-expect-error PUT is not in the list
  counter.inc({ method: 'PUT' });
}

export function curried(): void {
  const counter = new Counter({ ...shared, name: 'c_total', labelNames: ['zone', 'method', 'code'] });
  const zoned = counter.curry({ zone: 'a' });
  zoned.inc({ method: 'GET', code: 200 });
  zoned.labels('GET', 200).inc();
  zoned.remove('GET', 200);
  zoned.removeMatching({ method: 'GET' });
  const full = zoned.curry({ method: 'GET', code: 200 });
  full.inc();
  full.inc(2);
  full.labels().inc();
  full.remove();
  full.countErrors(() => {});

  // @ts-expect-error unknown label
  counter.curry({ extra: '' });
  // @ts-expect-error unknown label beside a known one
  counter.curry({ zone: 'a', extra: '' });
  // @ts-expect-error null is not a value
  counter.curry({ zone: null });
  // @ts-expect-error zone is bound
  zoned.curry({ zone: 'b' });
  // @ts-expect-error zone is bound
  zoned.inc({ zone: 'b', method: 'GET', code: 200 });
  // @ts-expect-error code is missing
  zoned.inc({ method: 'GET' });
  // @ts-expect-error one value too many
  zoned.labels('a', 'GET', 200);
  // @ts-expect-error zone is bound
  zoned.removeMatching({ zone: 'a' });
  // @ts-expect-error all labels are bound
  full.inc({ code: 200 });
  // @ts-expect-error all labels are bound
  full.labels('a');

  const timed = new Histogram({ ...shared, name: 'h', labelNames: ['method', 'code'] }).curry({ method: 'GET' });
  timed.startTimer()({ code: 200 });
  timed.startTimer({ code: 200 })();
  // @ts-expect-error method is bound
  timed.startTimer({ method: 'GET' });
  // @ts-expect-error code is missing at the end
  timed.startTimer()();

  const lists = { zone: ['a', 'b'], code: Number } as const;
  const gauge = new Gauge({ ...shared, name: 'g', labelNames: lists }).curry({ zone: 'a' });
  gauge.set({ code: 200 }, 1);
  gauge.replace([[{ code: 200 }, 1]]);
  gauge.curry({ code: 200 }).set(1);
  // @ts-expect-error a string is not a number
  gauge.set({ code: '200' }, 1);

  const states = new StateSet({ ...shared, name: 'state', states: ['on', 'off'], labelNames: ['machine'] });
  states.curry({ machine: 'a' }).switchTo('on');
  // @ts-expect-error unknown state
  states.curry({ machine: 'a' }).switchTo('broken');
}

export function unlabelled(): void {
  const counter = new Counter({ ...shared, name: 'c_total' });
  counter.inc();
  counter.inc(2, { trace_id: 'a' });
  counter.labels().inc();
  // @ts-expect-error it has no labels
  counter.inc({});
  // @ts-expect-error it has no labels
  counter.inc({ method: 'GET' });
  // @ts-expect-error it has no labels
  counter.labels({ method: 'GET' });
  // @ts-expect-error it has no labels
  counter.labels('GET');
  // @ts-expect-error it has no labels
  counter.remove('GET');
  // @ts-expect-error it has no labels
  counter.removeMatching({ method: 'GET' });
  // @ts-expect-error it has no labels
  counter.curry({ method: 'GET' });

  const histogram = new Histogram({ ...shared, name: 'h', labelNames: [] });
  histogram.observe(1);
  histogram.observe(1, { trace_id: 'a' });
  histogram.time(() => {});
  histogram.startTimer()();
  using _timer = histogram.startTimer();
  // @ts-expect-error it has no labels
  histogram.observe({ method: 'GET' }, 1);
  // @ts-expect-error it has no labels
  histogram.startTimer({ method: 'GET' });
  // @ts-expect-error it has no labels
  histogram.startTimer()({ method: 'GET' });
  // @ts-expect-error it has no labels
  new Summary({ ...shared, name: 's' }).observe({ method: 'GET' }, 1);
  // @ts-expect-error it has no labels
  new Gauge({ ...shared, name: 'g' }).set({ method: 'GET' }, 1);

  new Info({ ...shared, name: 'build', constLabels: { version: '1' } });
  // @ts-expect-error it has no labels
  new Info({ ...shared, name: 'build', constLabels: { version: '1' } }).set({ version: '2' });
}

/** Label names that are known only at run time: the compiler accepts any, and the metric checks them. */
export function dynamic(names: readonly string[], labels: Record<string, string>): void {
  const counter = new Counter({ ...shared, name: 'c_total', labelNames: names });
  counter.inc(labels);
  counter.labels(...(Object.values(labels) as [string, ...string[]])).inc();
  const histogram = new Histogram({ ...shared, name: 'h', labelNames: names });
  histogram.startTimer()(labels);
  histogram.startTimer(labels)({});
  // @ts-expect-error a label value is a string, number or boolean
  counter.inc({ method: null });
}

/** `collect` receives the metric with its labels. */
export function collecting(): void {
  new Gauge({
    ...shared,
    name: 'g',
    labelNames: ['queue'],
    collect: (gauge) => {
      gauge.set({ queue: 'a' }, 1);
      // @ts-expect-error a label is missing
      gauge.set(1);
    },
  });
  new Counter({
    ...shared,
    name: 'c_total',
    collect: async (counter, { signal }) => counter.incTo(signal.aborted ? 1 : 2),
  });
}
