import type { CollectContext, DirectCollector } from '../../model/collector.ts';

/** Keeps the place of a metric in a registry. The gathering has the metric itself as it is then. */
export class Placeholder implements DirectCollector {
  readonly isPassive = true;
  readonly prepare?: (context: CollectContext) => Promise<void>;
  readonly #current: () => DirectCollector;

  constructor(current: () => DirectCollector, prepare: ((context: CollectContext) => Promise<void>) | undefined) {
    this.#current = current;
    if (prepare !== undefined) this.prepare = prepare;
  }

  get descriptor() {
    return this.#current().descriptor;
  }

  get seriesLabelNames() {
    return this.#current().seriesLabelNames ?? [];
  }

  get constLabels() {
    return this.#current().constLabels;
  }

  get losses() {
    return this.#current().losses;
  }

  get rowCount(): number {
    return this.#current().rowCount;
  }

  get isEmpty(): boolean {
    return this.#current().isEmpty;
  }

  encode(): void {}

  pin(): void {}

  unpin(): void {}
}
