import type { CollectContext, Collector, DirectCollector } from '../model/collector.ts';
import { asError } from '../model/thrown.ts';
import { type CollectOptions, Deadline } from './deadline.ts';
import { beginGathering, checkLoop, GatherLink } from './gather-chain.ts';
import { type ReadFamily, readFamilies } from './read-families.ts';

/** A collector and the name that it is told of by. */
export interface NamedCollector {
  readonly name: string;
  readonly collector: Collector;
  /** How many points and families it may return. */
  readonly maxPoints: number;
}

/** How it went with one collector. Without families where it failed as a whole. */
export interface Collected {
  readonly name: string;
  readonly seconds: number;
  readonly families: readonly ReadFamily[];
  /** What was wrong with it, or with some of its families. */
  readonly problems: readonly Error[];
}

/** How it went with a metric that was to be brought up to date. */
export interface Prepared {
  readonly metric: DirectCollector;
  readonly seconds: number;
  readonly error: Error | undefined;
}

export interface Collection {
  readonly collected: readonly Collected[];
  readonly prepared: readonly Prepared[];
}

/**
 * Asks all collectors and metrics at the same time. What fails or is late says so in its place; rejects with a
 * RangeError only, where the options are wrong.
 */
export async function collectAll(
  collectors: readonly NamedCollector[],
  metrics: readonly DirectCollector[],
  options: CollectOptions,
): Promise<Collection> {
  checkLoop([...collectors, ...metrics]);
  const deadline = new Deadline(options);
  const endGathering = beginGathering();
  try {
    const { context } = deadline;
    const prepared = metrics.map((metric) => prepare(metric, context, deadline));
    const collected = collectors.map((collector) => collect(collector, context, deadline));
    return { collected: await Promise.all(collected), prepared: await Promise.all(prepared) };
  } finally {
    endGathering();
    deadline.end();
  }
}

async function collect(named: NamedCollector, context: CollectContext, deadline: Deadline): Promise<Collected> {
  const { name, collector, maxPoints } = named;
  const link = new GatherLink(named, name);
  const seconds = stopwatch();
  try {
    const returned = await deadline.orLate(() => link.call(() => collector.collect(context)));
    return { name, ...readFamilies(returned, { name, maxPoints }), seconds: seconds() };
  } catch (thrown) {
    return { name, families: [], problems: [asError(thrown)], seconds: seconds() };
  }
}

/** Most metrics have nothing to do; nobody waits for them. */
function prepare(metric: DirectCollector, context: CollectContext, deadline: Deadline): Prepared | Promise<Prepared> {
  const seconds = stopwatch();
  const prepared = (): Prepared => ({ metric, error: undefined, seconds: seconds() });
  const failed = (thrown: unknown): Prepared => ({ metric, error: asError(thrown), seconds: seconds() });
  try {
    const preparing = metric.isPassive ? metric.prepare?.(context) : linkedPrepare(metric, context);
    return preparing === undefined ? prepared() : deadline.orLate(() => preparing).then(prepared, failed);
  } catch (thrown) {
    return failed(thrown);
  }
}

function linkedPrepare(metric: DirectCollector, context: CollectContext): Promise<void> {
  return new GatherLink(metric, metric.descriptor.name).call(() => metric.prepare?.(context));
}

function stopwatch(): () => number {
  const began = performance.now();
  return () => (performance.now() - began) / 1000;
}
