import type { DirectCollector } from '../model/collector.ts';
import { asError } from '../model/thrown.ts';
import { type CollectorRun, CollectorRuns } from './collector-runs.ts';
import { type CollectOptions, Deadline } from './deadline.ts';
import { beginGathering, checkLoop } from './gather-chain.ts';
import { isAsyncIterable } from './iterables.ts';
import type { NamedCollector } from './named-collector.ts';
import { FamilyReader, type ReadFamilies, type ReadFamily, readFamilies } from './read-families.ts';
import { withUp } from './up-gauge.ts';

/** Result of one collector; without families if it failed as a whole. */
export interface CollectorResult {
  readonly name: string;
  readonly seconds: number;
  readonly families: readonly ReadFamily[];
  /** Its error, or the errors of families that were left out. */
  readonly problems: readonly Error[];
}

/** Result of updating a metric before it is exposed. */
export interface MetricResult {
  readonly metric: DirectCollector;
  readonly seconds: number;
  readonly error: Error | undefined;
}

/** Results of all collectors and metrics of a registry. */
export interface Collection {
  readonly collected: readonly CollectorResult[];
  readonly prepared: readonly MetricResult[];
}

/**
 * Runs all collectors and updates all metrics of a registry concurrently, or continues to wait for those that `runs`
 * has started. Failures and timeouts are part of the result. Rejects only with a RangeError for invalid options, and
 * with an Error if one of the collectors is gathering its own registry.
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
    const collected = begun.collected.map((started) => collectorResult(started, deadline));
    const prepared = begun.prepared.map((result) => ('run' in result ? pendingResult(result, deadline) : result));
    return { collected: await Promise.all(collected), prepared: await Promise.all(prepared) };
  } finally {
    endGathering();
    deadline.end();
  }
}

interface StartedRuns {
  readonly collected: readonly StartedRun[];
  readonly prepared: readonly (MetricResult | PendingUpdate)[];
}

interface StartedRun {
  readonly named: NamedCollector;
  readonly run: CollectorRun<ReadFamilies>;
  /** Families that an asynchronous generator has yielded so far. */
  readonly partial: ReadFamilies;
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
    collected: collectors.map((named) => collect(named, runs)),
  };
}

function collect(named: NamedCollector, runs: CollectorRuns): StartedRun {
  const { name, collector, maxPoints } = named;
  const { context } = runs;
  const partial = new FamilyReader({ name, maxPoints });
  const run = runs.start(named, name, async () => {
    await undefined; // No code of a collector runs before all metrics are prepared and all runs have begun.
    const returned = await collector.collect(context);
    context.signal.throwIfAborted(); // The result would not be used.
    if (!isAsyncIterable<unknown>(returned)) return readFamilies(returned, { name, maxPoints });
    await partial.readAll(returned, context.signal);
    return partial;
  });
  return { named, run, partial };
}

async function collectorResult(
  { named: { name, up }, run, partial }: StartedRun,
  deadline: Deadline,
): Promise<CollectorResult> {
  try {
    const { families, problems } = await deadline.race(run.result);
    return { name, families: withUp(families, up, 1), problems, seconds: run.seconds };
  } catch (thrown) {
    const problems = [...partial.problems, asError(thrown)];
    return { name, families: withUp(partial.families, up, 0), problems, seconds: run.seconds };
  }
}

/** Updates a metric. Most metrics have nothing to do, and then there is nothing to wait for. */
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

async function pendingResult({ metric, run }: PendingUpdate, deadline: Deadline): Promise<MetricResult> {
  try {
    await deadline.race(run.result);
    return { metric, error: undefined, seconds: run.seconds };
  } catch (thrown) {
    return { metric, error: asError(thrown), seconds: run.seconds };
  }
}
