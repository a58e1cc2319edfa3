import type { LabelInput, Labels } from '../../model/labels.ts';

/** OpenMetrics: label names and values of an exemplar together. */
const MAX_CODE_POINTS = 128;

/**
 * A copy of an exemplar's labels as texts; undefined where they are no labels, throw, or are longer than an exemplar may
 * be.
 */
export function exemplarTexts(labels: unknown): Readonly<Record<string, string>> | undefined {
  try {
    return textsOf(labels);
  } catch {
    return undefined;
  }
}

function textsOf(labels: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof labels !== 'object' || labels === null) return undefined;
  const entries: [string, unknown][] = Object.entries(labels);
  if (!entries.every(([name, value]) => name !== '' && isLabelInput(value))) return undefined;
  const texts = entries.map(([name, value]) => [name.toWellFormed(), String(value).toWellFormed()] as const);
  const length = texts.reduce((sum, [name, text]) => sum + codePoints(name) + codePoints(text), 0);
  return length > MAX_CODE_POINTS ? undefined : Object.fromEntries(texts);
}

/** Whether the labels lead to a trace already. */
export function hasTrace(labels: Labels): boolean {
  return 'trace_id' in labels || 'span_id' in labels;
}

function isLabelInput(value: unknown): value is LabelInput {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Far more code units than the limit need no counting. */
function codePoints(text: string): number {
  return text.length > MAX_CODE_POINTS * 2 ? text.length : [...text].length;
}
