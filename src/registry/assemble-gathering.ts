import type { DirectCollector } from '../model/collector.ts';
import { EventLoopBudget } from '../model/event-loop-budget.ts';
import type { ReservedNames } from '../model/sample-names.ts';
import type { Collection, CollectorResult, MetricResult } from './collection.ts';
import { FamilyList } from './family-list.ts';
import { type CollectorFailure, Gathering } from './gathering.ts';
import type { Overrides } from './overrides.ts';
import type { ReadFamily } from './read-families.ts';
import type { CollectorOutcome, RegistryMetrics } from './registry-metrics.ts';

/** Maximum number of errors reported per collector. Further ones are only counted. */
const MAX_ERRORS = 10;

/** Families that a registry adds to a gathering, and the overrides to apply. */
export interface OwnFamilies {
  readonly self: RegistryMetrics | undefined;
  readonly overrides: Overrides | undefined;
  /** Whether failures of collectors count. */
  readonly countsErrors: boolean;
}

/**
 * Makes a gathering of the results of collectors and metrics. Leaves out and reports what failed or cannot be exposed.
 */
export function assembleGathering(collection: Collection, names: ReservedNames, own: OwnFamilies): Promise<Gathering> {
  return new Assembly(names, own).assemble(collection);
}

class Assembly {
  readonly #list: FamilyList;
  readonly #self: RegistryMetrics | undefined;
  readonly #countsErrors: boolean;
  readonly #failures: CollectorFailure[] = [];
  readonly #outcomes: CollectorOutcome[] = [];
  readonly #budget = new EventLoopBudget();

  constructor(names: ReservedNames, { self, overrides, countsErrors }: OwnFamilies) {
    this.#list = new FamilyList(names, overrides);
    this.#self = self;
    this.#countsErrors = countsErrors;
  }

  async assemble({ collected, prepared }: Collection): Promise<Gathering> {
    for (const result of collected) await this.#addCollected(result);
    const metrics = prepared.flatMap((result) => this.#metricOf(result));
    await this.#addOwn(metrics);
    return new Gathering([...metrics, ...this.#list.families], this.#failures);
  }

  async #addCollected({ name, seconds, families, problems }: CollectorResult): Promise<void> {
    const all = new LimitedErrors(problems);
    for (const family of families) await this.#addFamily(family, all);
    this.#fail(name, all);
    this.#outcomes.push({ name, seconds, isSuccess: all.list.length === 0 });
  }

  /** Adds the result of a metric. Metrics are reported from their first failure on; most of them never fail. */
  #metricOf({ metric, seconds, error }: MetricResult): DirectCollector[] {
    const { name } = metric.descriptor;
    if (error !== undefined || this.#self?.has(name)) {
      this.#outcomes.push({ name, seconds, isSuccess: error === undefined });
    }
    if (error === undefined) return [metric];
    this.#failures.push({ collector: name, error });
    return [];
  }

  async #addOwn(metrics: readonly DirectCollector[]): Promise<void> {
    if (this.#self === undefined) return;
    const own = [...this.#self.ofCollectors(this.#outcomes, this.#countsErrors), ...this.#self.ofMetrics(metrics)];
    const problems = new LimitedErrors([]);
    for (const family of own) await this.#addFamily({ descriptor: family, points: [...family.points] }, problems);
    this.#fail('registry', problems);
  }

  async #addFamily(family: ReadFamily, problems: LimitedErrors): Promise<void> {
    for (const _step of this.#list.add(family, (problem) => problems.add(problem))) {
      if (this.#budget.isOver) await this.#budget.wait();
    }
  }

  #fail(collector: string, { list }: LimitedErrors): void {
    for (const error of list) this.#failures.push({ collector, error });
  }
}

/** The errors of one collector. A collector with a thousand invalid points must not flood the log. */
class LimitedErrors {
  readonly #errors: Error[] = [];
  #more = 0;

  constructor(problems: readonly Error[]) {
    for (const problem of problems) this.add(problem);
  }

  add(problem: Error): void {
    if (this.#errors.length < MAX_ERRORS) this.#errors.push(problem);
    else this.#more++;
  }

  get list(): readonly Error[] {
    if (this.#more === 0) return this.#errors;
    return [...this.#errors, new Error(`${this.#more} more errors were omitted.`)];
  }
}
