import type { MetricType } from '../../model/family.ts';
import { SeriesIndex } from '../assembly/series-index.ts';
import { failAt } from '../input/parse-error.ts';
import type { SampleLine } from '../lines/line-handler.ts';

/** Keeps track of what has to stand together: once something else came, it must not come again. */
export class Runs {
  readonly #index = new SeriesIndex<{ isOver: boolean }>({ byTime: false });
  #current: { isOver: boolean } | undefined;

  /** Throws if the samples of these labels, the one at `except` left out, were interrupted. True if others came before. */
  enter(sample: SampleLine, except: number): boolean {
    const run = this.#index.get(sample, except, () => ({ isOver: false }));
    if (run === this.#current) return false;
    if (run.isOver) failAt(sample.line, sample.name, 'all samples of a label set together');
    if (this.#current !== undefined) this.#current.isOver = true;
    this.#current = run;
    return true;
  }
}

/** The index of the label that tells apart the lines of one point in OpenMetrics 1.0, or -1. */
export function partLabelIndex(type: MetricType, family: string, { labelNames }: SampleLine): number {
  switch (type) {
    case 'histogram':
    case 'gaugehistogram':
      return labelNames.indexOf('le');
    case 'summary':
      return labelNames.indexOf('quantile');
    case 'stateset':
      return labelNames.indexOf(family);
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown':
      return -1;
  }
}

/**
 * The order of state sets in OpenMetrics 2.0, where each state is a metric: the states of a set stand together. The
 * specification's example of what is wrong goes further: sets that share their leading label stand together as well.
 */
export class StateSetOrder {
  readonly #sets = new Runs();
  readonly #overLeaders = new Set<string>();
  #leader: string | undefined;

  enter(sample: SampleLine, family: string): void {
    const at = sample.labelNames.indexOf(family);
    this.#sets.enter(sample, at);
    const lead = at === 0 ? 1 : 0;
    const leader = JSON.stringify([sample.labelNames[lead], sample.labelValues[lead]]);
    if (leader === this.#leader) return;
    if (this.#overLeaders.has(leader))
      failAt(sample.line, sample.name, 'state sets with the same leading label together');
    if (this.#leader !== undefined) this.#overLeaders.add(this.#leader);
    this.#leader = leader;
  }
}
