import { escapeQuoted } from '../exposition/text/text-syntax.ts';
import type { LabelInput } from '../model/labels.ts';

/** `name{a="1",b="2"}`, for messages and comparisons. */
export function seriesName(name: string, labels: Iterable<readonly [name: string, value: LabelInput]>): string {
  const pairs = [...labels].map(([label, value]) => `${label}="${escapeQuoted(String(value))}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}
