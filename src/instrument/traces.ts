import type { ExemplarSource } from '../metrics/exemplars/exemplars.ts';
import type { Labels } from '../model/labels.ts';

/**
 * Carries the trace of a request from its begin, when its context is at hand, to its end, when it is observed and the
 * context is that of the connection. The histogram decides which observations become exemplars.
 */
export class Traces {
  readonly #source: ExemplarSource | undefined;
  #current: Labels | undefined = undefined;

  constructor(source: ExemplarSource | undefined) {
    this.#source = source;
  }

  /** What the histogram is given as its source; nothing where there are no traces, so that it need not ask. */
  get option(): { readonly exemplarSource?: ExemplarSource } {
    return this.#source === undefined ? {} : { exemplarSource: () => this.#current };
  }

  /** The trace of what happens now. A source that throws must not break the request. */
  read(): Labels | undefined {
    try {
      return this.#source?.();
    } catch {
      return undefined;
    }
  }

  /** The trace of what is observed next. */
  set(trace: Labels | undefined): void {
    this.#current = trace;
  }
}
