import { goFloat } from '../model/float-layout.ts';
import type { LabelInput } from '../model/labels.ts';

/** The text of a label. Bounds and quantiles are numbers, however they are written: `'0.50'` is 0.5, Infinity `+Inf`. */
export function labelText(name: string, value: LabelInput): string {
  if (name !== 'le' && name !== 'quantile') return String(value);
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  return Number.isNaN(number) ? String(value) : goFloat(number);
}
