import type { LabelValues } from './label-values.ts';

/** Label names and, at the same index, their values. Names that are the same array are the same names. */
export interface LabelSet {
  readonly names: readonly string[];
  /** The values that each label may have. While a family is encoded, the same array goes on holding the same objects. */
  readonly values: readonly LabelValues[];
  /** Of each label the id of its value among those. */
  readonly ids: Int32Array;
}

export const NO_LABELS: LabelSet = { names: [], values: [], ids: new Int32Array(0) };

/** The labels as pairs of name and text. */
export function labelPairs({ names, values, ids }: LabelSet): [name: string, value: string][] {
  return names.map((name, index) => [name, values[index]!.texts[ids[index]!]!]);
}
