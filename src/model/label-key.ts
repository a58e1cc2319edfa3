import type { LabelSet } from './labels.ts';

/** A text that two label sets share if and only if they are the same labels, in whatever order. */
export function labelKey({ names, values }: LabelSet): string {
  const pairs = names.map((name, index) => [name, values[index]?.text ?? ''] as const);
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
