import type { ExemplarSource } from '../metrics/exemplars/exemplars.ts';
import type { Labels } from '../model/labels.ts';

/**
 * Carries the trace of a request from its start, when its context is active, to its end, when it is observed in the
 * context of the connection. The histogram decides which observations become exemplars.
 */
export class Traces {
  readonly #source: ExemplarSource | undefined;
  #current: Labels | undefined = undefined;

  constructor(source: ExemplarSource | undefined) {
    this.#source = source;
  }

  /** The exemplar option of the histogram. Empty without a source, so that the histogram does not call one in vain. */
  get option(): { readonly exemplarSource?: ExemplarSource } {
    return this.#source === undefined ? {} : { exemplarSource: () => this.#current };
  }

  /** Reads the active trace. A source that throws must not break the request. */
  read(): Labels | undefined {
    try {
      return this.#source?.();
    } catch {
      return undefined;
    }
  }

  /** Sets the trace of the next observation. */
  set(trace: Labels | undefined): void {
    this.#current = trace;
  }
}
