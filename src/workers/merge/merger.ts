import type { DirectCollector } from '../../model/collector.ts';
import { EventLoopBudget } from '../../model/event-loop-budget.ts';
import type { Descriptor } from '../../model/family.ts';
import { exposedNames, ReservedNames } from '../../model/sample-names.ts';
import { thrownText } from '../../model/thrown.ts';
import { type ColumnBlock, hasColumns } from './column-block.ts';
import { emptyFamily } from './empty-family.ts';
import { MergedSummary } from './merged-distributions.ts';
import type { MergedFamily } from './merged-family.ts';
import { PerWorkerFamily } from './per-worker-family.ts';
import { UnionSeries } from './union-series.ts';

/** Number of rows merged per step. */
const ROWS_PER_STEP = 256;

/** So many stale series do not matter. */
const MANY = 1000;

/** The metrics of one worker, or of workers that have ended. */
export interface MergeSource {
  /** The metrics whose series are shown. */
  readonly metrics: readonly DirectCollector[];
  /** Series that were removed. They count if another source shows them, so that no sum decreases. */
  readonly departed?: readonly DirectCollector[];
  /** The number of the worker; undefined for workers that have ended. */
  readonly worker?: number | undefined;
}

/** A family that was left out, of one worker or of all. */
export interface MergeProblem {
  readonly worker: number | undefined;
  readonly error: Error;
}

/** Options of a {@link Merger}. */
export interface MergerOptions {
  /** Name of the label for series that are not merged. */
  readonly label: string;
  /** Series of earlier merged families by name. Their rows need not be found again. */
  readonly series?: Map<string, UnionSeries> | undefined;
}

/**
 * Merges the families of several workers, one source after another. If sources define a family differently, the first
 * one wins.
 */
export class Merger {
  readonly problems: MergeProblem[] = [];
  readonly #families = new Map<string, MergedFamily | PerWorkerFamily>();
  readonly #names = new ReservedNames();
  readonly #budget: EventLoopBudget;
  readonly #label: string;
  readonly #series: Map<string, UnionSeries>;

  /** Work that shares a budget takes turns. */
  constructor({ label, series = new Map() }: MergerOptions, budget = new EventLoopBudget()) {
    this.#label = label;
    this.#series = series;
    this.#budget = budget;
  }

  /** The merged families. */
  get metrics(): readonly DirectCollector[] {
    return [...this.#families.values()];
  }

  /** Forgets series that no source has had, if they are more than the others. Call it after the last source. */
  forgetStale(): void {
    for (const [name, series] of this.#series) {
      const family = this.#families.get(name);
      const shown = family === undefined || family instanceof PerWorkerFamily ? 0 : family.shownCount;
      if (series.size > 2 * shown + MANY) this.#series.delete(name);
    }
  }

  /** The names of summaries of which quantiles were left out. */
  get withoutQuantiles(): readonly string[] {
    return this.metrics.flatMap((family) =>
      family instanceof MergedSummary && family.hasQuantiles ? [family.descriptor.name] : [],
    );
  }

  /** Keeps the first `maxSeries` series of each family. Returns the names of families that had more. */
  async limit(maxSeries: number): Promise<readonly string[]> {
    const names: string[] = [];
    for (const [name, family] of this.#families) {
      if (family instanceof PerWorkerFamily || family.rowCount <= maxSeries) continue;
      this.#series.delete(name);
      const kept = emptyFamily(family.descriptor, this.#label, this.#seriesOf(name));
      if (kept instanceof PerWorkerFamily) continue; // The descriptor is that of sums.
      await this.#addRows(kept, family, maxSeries, false);
      this.#families.set(name, kept);
      names.push(name);
    }
    return names;
  }

  /** Adds the metrics of a source, in turns of 2 ms between which the event loop runs other callbacks. */
  async add({ metrics, departed = [], worker }: MergeSource): Promise<void> {
    for (const metric of metrics) await this.#addMetric(metric, worker, false);
    for (const metric of departed) await this.#addMetric(metric, worker, true);
  }

  async #addMetric(metric: DirectCollector, worker: number | undefined, isDeparted: boolean): Promise<void> {
    try {
      const family = this.#familyFor(metric.descriptor);
      if (family instanceof PerWorkerFamily) {
        if (worker !== undefined) family.add(metric, worker);
      } else await this.#sum(family, metric, isDeparted);
    } catch (thrown) {
      const { name } = metric.descriptor;
      const of = worker === undefined ? '' : ` of worker ${worker}`;
      const error = new Error(`${name}${of} is not shown, or not all of it: ${thrownText(thrown)}`, { cause: thrown });
      this.problems.push({ worker, error });
    }
  }

  #seriesOf(name: string): UnionSeries {
    const series = this.#series.get(name) ?? new UnionSeries();
    this.#series.set(name, series);
    return series;
  }

  async #sum(family: MergedFamily, metric: DirectCollector, isDeparted: boolean): Promise<void> {
    if (hasColumns(metric) && family.takesBlocks(metric.blocks)) {
      return this.#sumBlocks(family, metric.blocks, isDeparted);
    }
    metric.pin();
    try {
      await this.#addRows(family, metric, metric.rowCount, isDeparted);
    } finally {
      metric.unpin();
    }
  }

  async #addRows(family: MergedFamily, metric: DirectCollector, rows: number, isDeparted: boolean): Promise<void> {
    for (let row = 0; row < rows; row += ROWS_PER_STEP) {
      family.add(metric, row, Math.min(row + ROWS_PER_STEP, rows), { isDeparted });
      if (this.#budget.isOver) await this.#budget.wait();
    }
  }

  async #sumBlocks(family: MergedFamily, blocks: readonly ColumnBlock[], isDeparted: boolean): Promise<void> {
    for (const block of blocks) {
      const rows = block.startTimes.length;
      for (let row = 0; row < rows; row += ROWS_PER_STEP) {
        family.addBlock(block, row, Math.min(row + ROWS_PER_STEP, rows), { isDeparted });
        if (this.#budget.isOver) await this.#budget.wait();
      }
    }
  }

  #familyFor(descriptor: Descriptor): MergedFamily | PerWorkerFamily {
    const known = this.#families.get(descriptor.name);
    if (known !== undefined) {
      checkSame(known.descriptor, descriptor);
      return known;
    }
    this.#names.claim(descriptor, exposedNames(descriptor));
    const family = emptyFamily(descriptor, this.#label, this.#seriesOf(descriptor.name));
    this.#families.set(descriptor.name, family);
    return family;
  }
}

// The help may differ, as it may between versions of a program.
function checkSame(one: Descriptor, other: Descriptor): void {
  for (const key of ['type', 'unit', 'acrossWorkers'] as const) {
    if ((one[key] ?? '') === (other[key] ?? '')) continue;
    throw new Error(`its ${key} is ${other[key] ?? 'undefined'}, but ${one[key] ?? 'undefined'} in another worker.`);
  }
}
