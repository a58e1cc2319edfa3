import { mock } from 'node:test';
import type { PromClient } from './libraries.ts';
import type { CallLabels, MetricSpec, Program, Step } from './program.ts';

/** The clock that both libraries see. */
export interface Clock {
  now: number;
}

/** Makes the program and both libraries use this clock. */
export function mockClock(clock: Clock): void {
  mock.method(Date, 'now', () => clock.now);
  mock.method(performance, 'now', () => clock.now);
  mock.method(process, 'hrtime', (start?: [number, number]) => {
    const seconds = Math.floor(clock.now / 1000);
    const nanoseconds = (clock.now % 1000) * 1e6;
    if (start === undefined) return [seconds, nanoseconds];
    const elapsed = seconds - start[0] + (nanoseconds - start[1]) / 1e9;
    return [Math.floor(elapsed), Math.round((elapsed % 1) * 1e9)];
  });
}

type Callable = Record<string, (...values: unknown[]) => unknown>;

const METHODS = {
  Counter: ['inc'],
  Gauge: ['set', 'inc', 'dec', 'setToCurrentTime'],
  Histogram: ['observe'],
  Summary: ['observe'],
} as const;

/** Returns the output and the errors of a program, step by step and at the end. */
export async function runProgram(client: PromClient, program: Program, clock: Clock): Promise<unknown[]> {
  clock.now = 1_700_000_000_000;
  const { Registry } = client;
  const registry = new Registry();
  if (program.isOpenMetrics) registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  const metrics = program.metrics.map(({ type, labelNames, enableExemplars, options }, index) => {
    const Metric = client[type] as new (config: object) => object;
    // Created for each library, so that neither sees changes by the other.
    const config = { name: `m${index}`, help: `M ${index}\n\\.`, labelNames: [...labelNames], enableExemplars };
    return new Metric({ ...config, ...structuredClone(options), registers: [registry] }) as Callable;
  });
  const run = new Run(program, metrics, registry as never, clock);
  const outcomes: unknown[] = [];
  for (const step of program.steps) outcomes.push(await outcomeOf(() => run.step(step)));
  // Last, because prom-client adds the default labels to the series when it writes JSON.
  outcomes.push(await outcomeOf(() => run.text()), await outcomeOf(() => run.json()));
  return outcomes;
}

async function outcomeOf(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

class Run {
  readonly #program: Program;
  readonly #metrics: readonly Callable[];
  readonly #registry: Callable;
  readonly #clock: Clock;
  readonly #children = new Map<string, Callable>();

  constructor(program: Program, metrics: readonly Callable[], registry: Callable, clock: Clock) {
    this.#program = program;
    this.#metrics = metrics;
    this.#registry = registry;
    this.#clock = clock;
  }

  async step(step: Step): Promise<unknown> {
    switch (step.kind) {
      case 'resetMetrics':
        return this.#registry['resetMetrics']!();
      case 'show':
        return this.text();
      case 'wait':
        this.#clock.now += step.ms;
        return undefined;
      case 'defaults':
        return this.#registry['setDefaultLabels']!({ ...step.labels });
      default:
        return this.#metricStep(step, this.#metrics[step.metric]!, this.#program.metrics[step.metric]!);
    }
  }

  text(): unknown {
    return this.#registry['metrics']!();
  }

  async json(): Promise<string> {
    return JSON.stringify(await this.#registry['getMetricsAsJSON']!());
  }

  #metricStep(step: Extract<Step, { metric: number }>, metric: Callable, spec: MetricSpec): unknown {
    switch (step.kind) {
      case 'update':
        return update(metric, spec, step.method, step.labels, step.value);
      case 'child':
        return this.#child(step, metric, spec);
      case 'exemplar':
        return exemplify(metric, spec, step);
      case 'remove':
        return metric['remove']!(known(step.labels, spec));
      case 'timer':
        return this.#timer(metric, step.labels);
      case 'zero':
        return spec.type === 'Histogram' ? metric['zero']!(known(step.labels, spec)) : undefined;
      case 'reset':
        return metric['reset']!();
      case 'unregister':
        return this.#registry['removeSingleMetric']!(`m${step.metric}`);
      case 'register':
        return this.#registry['registerMetric']!(metric);
    }
  }

  #child(step: Extract<Step, { kind: 'child' }>, metric: Callable, spec: MetricSpec): unknown {
    if (spec.enableExemplars) return undefined; // A defect of prom-client: it updates another series.
    const key = `${step.metric} ${step.slot}`;
    const child = this.#children.get(key) ?? childOf(metric, spec, step);
    this.#children.set(key, child);
    const methods = METHODS[spec.type];
    const method = methods[step.method % methods.length]!;
    child[method]!(...(step.method === 9 && method === 'inc' ? [] : [counted(step.value, spec)]));
    return undefined;
  }

  #timer(metric: Callable, labels: CallLabels): unknown {
    if (metric['startTimer'] === undefined) return undefined;
    const end = metric['startTimer'](labels) as (labels?: CallLabels) => number;
    this.#clock.now += 250;
    return end({ ...labels });
  }
}

function childOf(
  metric: Callable,
  { labelNames }: MetricSpec,
  { labels, slot }: { labels: CallLabels; slot: number },
): Callable {
  const values = labelNames.map((name) => labels[name]);
  const isByPosition = slot % 2 === 0 && typeof values[0] !== 'object';
  return metric['labels']!(...(isByPosition ? values : [{ ...labels }])) as Callable;
}

function update(metric: Callable, spec: MetricSpec, which: number, given: CallLabels | undefined, value: number): void {
  if (spec.enableExemplars) {
    exemplify(metric, spec, { labels: given, value: value || 1, exemplarLabels: undefined });
    return;
  }
  const methods = METHODS[spec.type];
  const method = methods[which % methods.length]!;
  const labels = given === undefined ? [] : [{ ...given }];
  if (method === 'setToCurrentTime') metric[method]!(...labels);
  else if (method !== 'set' && method !== 'observe' && which > 7) metric[method]!(...labels);
  else metric[method]!(...labels, counted(value, spec));
}

function exemplify(
  metric: Callable,
  spec: MetricSpec,
  {
    labels,
    value,
    exemplarLabels,
  }: { labels: CallLabels | undefined; value: number; exemplarLabels: Record<string, string> | undefined },
): void {
  if (!spec.enableExemplars) return;
  // Both reject an exemplar that is too long, but prom-client keeps it without labels.
  const isLong = Object.values(exemplarLabels ?? {}).some((text) => text.length > 100);
  const call = {
    labels: { ...labels },
    value: counted(value, spec),
    exemplarLabels: isLong ? undefined : exemplarLabels,
  };
  metric[spec.type === 'Counter' ? 'inc' : 'observe']!(call);
}

/** NaN corrupts a counter of prom-client, and ours ignores it. Both refuse to observe NaN, with different messages. */
function counted(value: number, { type }: MetricSpec): number {
  return type !== 'Gauge' && Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

/** Only declared labels, where prom-client does not check them. */
function known(labels: CallLabels, { labelNames }: MetricSpec): CallLabels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => labelNames.includes(name)));
}
