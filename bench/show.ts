import type { Row } from './compare.ts';

/** Returns a row of the table: each figure, and how many times better than the base it is. */
export function lineOf({ case: name, library, figures, ratios }: Row): string {
  const shown = Object.entries(figures).map(([unit, value]) => {
    const ratio = ratios?.[unit];
    return `${figureText(unit, value).padStart(14)} ${(ratio === undefined ? '' : `${ratioText(ratio)} x`).padStart(9)}`;
  });
  return `  ${name.padEnd(44)} ${library.padEnd(15)} ${shown.join('  ')}`;
}

/** Formats a figure with its unit; nanoseconds in a suitable unit. */
export function figureText(unit: string, value: number): string {
  if (unit !== 'ns') return `${significant(value)} ${unit}`;
  if (value < 1e4) return `${significant(value)} ns`;
  return value < 1e6 ? `${significant(value / 1e3)} µs` : `${significant(value / 1e6)} ms`;
}

export function ratioText(ratio: number): string {
  return significant(ratio);
}

/** Formats with at most three digits, unless there are more before the decimal point. */
function significant(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
