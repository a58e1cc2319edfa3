import { type LabelInput, labelText } from '../model/labels.ts';
import { BoundedValues, OTHER } from './bounded-labels.ts';
import type { MeasuredRequest } from './measured-request.ts';

const MAX_CHARACTERS = 200;

/**
 * Returns the value of a label for a request; undefined if the label is missing. Called once, when the request has ended.
 */
export type RequestLabel = (request: MeasuredRequest) => LabelInput | undefined;

/** Labels that functions of the user return for each request, with a bounded number of values. */
export class RequestLabels {
  readonly names: readonly string[];
  readonly #labels: readonly { readonly name: string; readonly read: RequestLabel; readonly known: BoundedValues }[];

  constructor(labels: Readonly<Record<string, RequestLabel>>, maxValues: number) {
    this.names = Object.keys(labels);
    this.#labels = Object.entries(labels).map(([name, read]) => {
      if (typeof read !== 'function')
        throw new TypeError(`requestLabels.${name} must be a function, got ${typeof read}.`);
      return { name, read, known: new BoundedValues(maxValues) };
    });
  }

  /** The values of all labels; empty if a function throws, because the request has been answered. */
  valuesOf(request: MeasuredRequest | undefined): readonly string[] {
    return this.#labels.map(({ name, read, known }) => {
      try {
        const value = request && read(request);
        if (value === undefined || value === '') return '';
        const text = labelText(value, name, 'requestLabels');
        return text.length > MAX_CHARACTERS ? OTHER : known.label(text);
      } catch {
        return '';
      }
    });
  }
}
