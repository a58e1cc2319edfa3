import type { Gatherer } from '../../registry/gathering.ts';
import type { Clock } from '../../scheduler/clock.ts';
import type { ProcessProbe } from '../sampling/process-probe.ts';
import type { SampleGrid } from '../sampling/sample-grid.ts';
import { Sampler } from '../sampling/sampler.ts';
import { Messages } from './messages.ts';
import type { PageContext, StatusPageOptions } from './page-options.ts';
import { Reader } from './reader.ts';
import { StatusSource } from './status-source.ts';
import { type ViewerPlaces, Viewers } from './viewers.ts';

/** Parts that all scopes of a page share. */
export interface SharedParts {
  readonly options: StatusPageOptions;
  readonly context: PageContext;
  readonly clock: Clock;
  readonly grid: SampleGrid;
  readonly places: ViewerPlaces;
}

/** The metrics that a scope shows. */
export interface ScopeParts {
  /** The workers: `all`, `each`, or the number of one. */
  readonly shown: string;
  readonly registry: Gatherer;
  readonly probe?: ProcessProbe | undefined;
}

/** The page as it shows all workers, each, or one: with its own samples, history and viewers. */
export class PageScope {
  readonly viewers: Viewers;
  readonly reader: Reader;
  readonly #sampler: Sampler;

  constructor({ options, context, clock, grid, places }: SharedParts, { shown, registry, probe }: ScopeParts) {
    const sampler = new Sampler({ registry, clock, grid, probe });
    const source = new StatusSource(options, context, sampler, shown);
    const messages = new Messages(source, sampler);
    this.#sampler = sampler;
    this.viewers = new Viewers(sampler, messages, clock, places);
    this.reader = new Reader({ registry, sampler, source, messages, viewers: this.viewers, clock });
  }

  get isWatched(): boolean {
    return this.#sampler.isWatched;
  }

  /** Samples until the returned function is called. */
  keepHistory(): () => void {
    return this.#sampler.watch(() => {});
  }

  close(): void {
    this.reader.close();
    this.viewers.close();
  }
}
