import type { Collector, DirectCollector } from '../model/collector.ts';
import { asError } from '../model/thrown.ts';
import { type CollectorRun, CollectorRuns } from './collector-runs.ts';
import { type CollectOptions, Deadline } from './deadline.ts';
import { beginGathering, checkLoop } from './gather-chain.ts';
import { type ReadFamilies, type ReadFamily, readFamilies } from './read-families.ts';

/** A collector and the name that it is told of by. */
export interface NamedCollector {
  readonly name: string;
  readonly collector: Collector;
  /** How many points and families it may return. */
  readonly maxPoints: number;
}

/** How it went with one collector. Without families where it failed as a whole. */
export interface CollectorResult {
  readonly name: string;
  readonly seconds: number;
  readonly families: readonly ReadFamily[];
  /** What was wrong with it, or with some of its families. */
  readonly problems: readonly Error[];
}

/** How it went with a metric that was to be brought up to date. */
export interface MetricResult {
  readonly metric: DirectCollector;
  readonly seconds: number;
  readonly error: Error | undefined;
}

export interface Collection {
  readonly collected: readonly CollectorResult[];
  readonly prepared: readonly MetricResult[];
}

/**
 * Asks all collectors and metrics of a registry at the same time, or goes on waiting for those that `runs` has begun. What
 * fails or is late says so in its place; rejects with a RangeError only, where the options are wrong, and where one of
 * them would wait for itself.
 */
export async function collectAll(
  registry: object,
  collectors: readonly NamedCollector[],
  metrics: readonly DirectCollector[],
  { runs: shared, ...options }: CollectOptions & { readonly runs: CollectorRuns | undefined },
): Promise<Collection> {
  checkLoop([...collectors, ...metrics]);
  const runs = shared ?? new CollectorRuns();
  const deadline = new Deadline(options, (reason, endsAt) => {
    if (shared === undefined) runs.abort(reason);
    else runs.expire(endsAt, reason);
  });
  runs.extendTo(deadline.endsAt);
  const endGathering = beginGathering();
  try {
    const begun = runs.begunFor(registry, () => begin(collectors, metrics, runs));
    const collected = begun.collected.map(({ name, run }) => collectedOf(name, run, deadline));
    const prepared = begun.prepared.map((preparing) => preparedOf(preparing, deadline));
    return { collected: await Promise.all(collected), prepared: await Promise.all(prepared) };
  } finally {
    endGathering();
    deadline.end();
  }
}

interface StartedRuns {
  readonly collected: readonly { readonly name: string; readonly run: CollectorRun<ReadFamilies> }[];
  readonly prepared: readonly (MetricResult | PendingUpdate)[];
}

interface PendingUpdate {
  readonly metric: DirectCollector;
  readonly run: CollectorRun<void>;
}

function begin(
  collectors: readonly NamedCollector[],
  metrics: readonly DirectCollector[],
  runs: CollectorRuns,
): StartedRuns {
  return {
    prepared: metrics.map((metric) => prepare(metric, runs)),
    collected: collectors.map((named) => ({ name: named.name, run: collect(named, runs) })),
  };
}

function collect(named: NamedCollector, runs: CollectorRuns): CollectorRun<ReadFamilies> {
  const { name, collector, maxPoints } = named;
  const { context } = runs;
  return runs.start(named, name, async () => {
    await undefined;
    const returned = await collector.collect(context);
    context.signal.throwIfAborted(); // Nothing reads it any more.
    return readFamilies(returned, { name, maxPoints });
  });
}

async function collectedOf(
  name: string,
  run: CollectorRun<ReadFamilies>,
  deadline: Deadline,
): Promise<CollectorResult> {
  try {
    const { families, problems } = await deadline.race(run.result);
    return { name, families, problems, seconds: run.seconds };
  } catch (thrown) {
    return { name, families: [], problems: [asError(thrown)], seconds: run.seconds };
  }
}

/** Most metrics have nothing to do, and nothing is to be waited for. */
function prepare(metric: DirectCollector, runs: CollectorRuns): MetricResult | PendingUpdate {
  const name = () => metric.descriptor.name;
  if (!metric.isPassive) return { metric, run: runs.start(metric, name(), () => metric.prepare?.(runs.context)) };
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  try {
    const preparing = metric.prepare?.(runs.context);
    if (preparing !== undefined) return { metric, run: runs.start(metric, name(), () => preparing) };
    return { metric, error: undefined, seconds: seconds() };
  } catch (thrown) {
    return { metric, error: asError(thrown), seconds: seconds() };
  }
}

async function waited({ metric, run }: PendingUpdate, deadline: Deadline): Promise<MetricResult> {
  try {
    await deadline.race(run.result);
    return { metric, error: undefined, seconds: run.seconds };
  } catch (thrown) {
    return { metric, error: asError(thrown), seconds: run.seconds };
  }
}

function preparedOf(begun: MetricResult | PendingUpdate, deadline: Deadline): MetricResult | Promise<MetricResult> {
  return 'run' in begun ? waited(begun, deadline) : begun;
}

/** The name that a collector has, or that of its class. Throws a TypeError where its name is no text. */
export function collectorName(collector: Collector): string {
  const { name } = collector;
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw new TypeError(`A collector's name is a string that is not empty, not ${JSON.stringify(name)}.`);
  }
  return name?.toWellFormed() ?? className(collector);
}

function className(collector: Collector): string {
  const { name = '' } = collector.constructor ?? {};
  return name === 'Object' || name === '' ? 'unnamed' : name;
}
