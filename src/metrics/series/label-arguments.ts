import type { LabelInput, Labels } from '../../model/labels.ts';
import type { LabelSchema, LabelsOf } from './label-schema.ts';
import type { RowFinder } from './series-finder.ts';

/** The arguments of `labels()`: one object, or the values in the order of the label names. */
export type LabelArguments<S extends LabelSchema> = S extends readonly []
  ? []
  : S extends readonly string[]
    ? [labels: LabelsOf<S>] | [first: LabelInput, ...others: OtherValues<S>]
    : [labels: LabelsOf<S>];

type OtherValues<S extends readonly string[]> = S extends readonly [string, ...infer Others]
  ? { [K in keyof Others]: LabelInput }
  : LabelInput[];

/** Returns the arguments of a call as labels by name. */
export function labelsByName(given: readonly (LabelInput | Labels)[], finder: RowFinder): Labels {
  const first = given[0];
  // The first argument tells whether labels come as one object or as values.
  if (typeof first !== 'object') return finder.byName(given as readonly LabelInput[]);
  if (given.length > 1) throw mixedArguments(finder.metricName);
  return first;
}

/** The error of a call with an object and further arguments. */
export function mixedArguments(metricName: string): TypeError {
  return new TypeError(`${metricName} takes its labels either as one object or as values, not both.`);
}
