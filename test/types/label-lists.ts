/** Errors of the compiler about labels, for each way of calling a metric with a list of names. It is never run. */
import { Counter, Gauge, Histogram, Info, PeakGauge, StateSet, Summary } from '../../src/index.ts';

const shared = { help: 'Help.', registry: null } as const;
const labelNames = ['method', 'code'] as const;

export function counters(): void {
  const counter = new Counter({ ...shared, name: 'c_total', labelNames: ['method', 'code'] });
  counter.inc({ method: 'GET', code: 200 });
  counter.inc({ code: true, method: 'GET' }, 2, { trace_id: 'a' });
  counter.incTo({ method: 'GET', code: 200 }, 5);
  counter.countErrors({ method: 'GET', code: 200 }, () => {});
  counter.labels('GET', 200).inc(2, { trace_id: 'a' });
  counter.labels({ method: 'GET', code: 200 }).inc();
  counter.remove('GET', 200);
  counter.remove({ method: 'GET', code: 200 });
  counter.removeMatching({ code: 200 });
  counter.removeMatching({});
  const count: number = counter.countErrors({ method: 'GET', code: 200 }, () => 1);
  const later: Promise<number> = counter.countErrors({ method: 'GET', code: 200 }, async () => count);
  void later;

  // @ts-expect-error no labels
  counter.inc();
  // @ts-expect-error a value, and no labels
  counter.inc(2);
  // @ts-expect-error a label is missing
  counter.inc({ method: 'GET' });
  // @ts-expect-error one label too many
  counter.inc({ method: 'GET', code: 200, extra: '' });
  // @ts-expect-error a label is misspelt
  counter.inc({ method: 'GET', cod: 200 });
  // @ts-expect-error null is not a value
  counter.inc({ method: 'GET', code: null });
  // @ts-expect-error undefined is not a value
  counter.inc({ method: 'GET', code: undefined });
  // @ts-expect-error a string is not a number
  counter.inc({ method: 'GET', code: 200 }, '2');
  // @ts-expect-error a label is missing
  counter.incTo({ method: 'GET' }, 5);
  // @ts-expect-error no total
  counter.incTo({ method: 'GET', code: 200 });
  // @ts-expect-error a label is missing
  counter.countErrors({ method: 'GET' }, () => {});
  // @ts-expect-error no labels
  counter.countErrors(() => {});
  // @ts-expect-error a label is missing
  counter.labels({ method: 'GET' });
  // @ts-expect-error one label too many
  counter.labels({ method: 'GET', code: 200, extra: '' });
  // @ts-expect-error a value is missing
  counter.labels('GET');
  // @ts-expect-error one value too many
  counter.labels('GET', 200, '');
  // @ts-expect-error no labels
  counter.labels();
  // @ts-expect-error a label is missing
  counter.remove({ method: 'GET' });
  // @ts-expect-error a value is missing
  counter.remove('GET');
  // @ts-expect-error unknown label
  counter.removeMatching({ extra: '' });
  // @ts-expect-error a child has its labels
  counter.labels('GET', 200).inc({ method: 'GET', code: 200 });
}

export function gauges(): void {
  const gauge = new Gauge({ ...shared, name: 'g', labelNames });
  const labels = { method: 'GET', code: 200 };
  gauge.set(labels, 1);
  gauge.inc(labels);
  gauge.dec(labels, 2);
  gauge.setToCurrentTime(labels);
  gauge.startTimer(labels)();
  gauge.trackInProgress(labels, () => {});
  gauge.replace([[labels, 1]]);

  // @ts-expect-error no value
  gauge.set(labels);
  // @ts-expect-error no labels
  gauge.set(1);
  // @ts-expect-error a label is missing
  gauge.set({ method: 'GET' }, 1);
  // @ts-expect-error one label too many
  gauge.set({ method: 'GET', code: 200, extra: '' }, 1);
  // @ts-expect-error a label is missing
  gauge.inc({ method: 'GET' });
  // @ts-expect-error a label is missing
  gauge.dec({ method: 'GET' });
  // @ts-expect-error a label is missing
  gauge.setToCurrentTime({ method: 'GET' });
  // @ts-expect-error no labels
  gauge.setToCurrentTime();
  // @ts-expect-error a label is missing
  gauge.startTimer({ method: 'GET' });
  // @ts-expect-error no labels
  gauge.startTimer();
  // @ts-expect-error a label is missing
  gauge.trackInProgress({ method: 'GET' }, () => {});
  // @ts-expect-error a label is missing
  gauge.replace([[{ method: 'GET' }, 1]]);
  // @ts-expect-error one label too many
  gauge.replace([[{ method: 'GET', code: 200, extra: '' }, 1]]);
}

export function histogramsAndSummaries(): void {
  const labels = { method: 'GET', code: 200 };
  const histogram = new Histogram({ ...shared, name: 'h', labelNames });
  histogram.observe(labels, 1, { trace_id: 'a' });
  histogram.observeMany(labels, 1, 10);
  histogram.time(labels, () => {});
  histogram.startTimer(labels)();
  histogram.startTimer({ method: 'GET' })({ code: 200 });
  histogram.startTimer()(labels);

  // @ts-expect-error a label is missing
  histogram.observe({ method: 'GET' }, 1);
  // @ts-expect-error one label too many
  histogram.observe({ method: 'GET', code: 200, extra: '' }, 1);
  // @ts-expect-error no value
  histogram.observe(labels);
  // @ts-expect-error no labels
  histogram.observe(1);
  // @ts-expect-error a label is missing
  histogram.observeMany({ method: 'GET' }, 1, 10);
  // @ts-expect-error a label is missing
  histogram.time({ method: 'GET' }, () => {});
  // @ts-expect-error no labels
  histogram.time(() => {});
  // @ts-expect-error a label is misspelt
  histogram.startTimer({ metod: 'GET' });
  // @ts-expect-error one label too many
  histogram.startTimer({ method: 'GET', extra: '' });
  // @ts-expect-error the other label is missing at the end
  histogram.startTimer({ method: 'GET' })();
  // @ts-expect-error one of the labels is missing at the end
  histogram.startTimer()({ method: 'GET' });
  // @ts-expect-error one label too many at the end
  histogram.startTimer({ method: 'GET' })({ code: 200, extra: '' });
  // @ts-expect-error a timer that still needs labels cannot end with its block
  using _late = histogram.startTimer({ method: 'GET' });
  using _complete = histogram.startTimer(labels);

  const summary = new Summary({ ...shared, name: 's', labelNames });
  summary.observe(labels, 1);
  summary.time(labels, () => {});
  summary.startTimer({ code: 200 })({ method: 'GET' });
  // @ts-expect-error a label is missing
  summary.observe({ method: 'GET' }, 1);
  // @ts-expect-error a summary has no exemplars
  summary.observe(labels, 1, { trace_id: 'a' });
  // @ts-expect-error a label is missing
  summary.time({ method: 'GET' }, () => {});
  // @ts-expect-error the other label is missing at the end
  summary.startTimer({ method: 'GET' })();

  const peak = new PeakGauge({ ...shared, name: 'p', labelNames });
  peak.observe(labels, 1);
  // @ts-expect-error a label is missing
  peak.observe({ method: 'GET' }, 1);
}

export function infosAndStates(): void {
  const info = new Info({ ...shared, name: 'build', labelNames: ['version'] });
  info.set({ version: '1' });
  info.add({ version: '1' });
  info.replace([{ version: '1' }]);
  // @ts-expect-error a label is missing
  info.set({});
  // @ts-expect-error one label too many
  info.add({ version: '1', extra: '' });
  // @ts-expect-error a label is missing
  info.replace([{}]);
  // @ts-expect-error facts have no unit
  new Info({ ...shared, name: 'build', unit: 'seconds' });

  const states = new StateSet({ ...shared, name: 'state', states: ['on', 'off'], labelNames: ['machine'] });
  states.set({ machine: 'a' }, 'on');
  states.set({ machine: 'a' }, 'on', false);
  states.switchTo({ machine: 'a' }, 'off');
  states.labels('a').switchTo('off');
  // @ts-expect-error unknown state
  states.set({ machine: 'a' }, 'broken');
  // @ts-expect-error unknown state
  states.labels('a').switchTo('broken');
  // @ts-expect-error unknown label
  states.switchTo({ engine: 'a' }, 'off');
  // @ts-expect-error no labels
  states.switchTo('off');
}
