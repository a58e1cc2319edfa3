import type { LabelSet } from '../../model/label-set.ts';
import { labelPairs } from '../../model/label-set.ts';
import type { Labels } from '../../model/labels.ts';
import type { LabelList, Value } from '../protocol.ts';

/** Longer texts are cut: a message must stay small whatever the metrics contain. */
const MAX_CHARACTERS = 300;
const MAX_LABELS = 30;

/** Returns the text, or its beginning if it is long. */
export function cut(text: string, most = MAX_CHARACTERS): string {
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
}

/** Returns a number as JSON can represent it. */
export function shownValue(value: number): Value {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

export function shownLabels(labels: LabelSet): LabelList {
  return shownPairs(labelPairs(labels));
}

export function shownLabelsOf(labels: Labels): LabelList {
  return shownPairs(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}

export function shownPairs(pairs: readonly (readonly [name: string, value: string])[]): LabelList {
  return pairs.slice(0, MAX_LABELS).map(([name, value]) => [cut(name), cut(value)]);
}
