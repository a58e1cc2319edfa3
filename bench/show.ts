import type { Row } from './compare.ts';

/** A row of the table that people read: each figure, and how many times better than the base it is. */
export function lineOf({ case: name, library, figures, ratios }: Row): string {
  const shown = Object.entries(figures).map(([unit, value]) => {
    const ratio = ratios?.[unit];
    return `${figureText(unit, value).padStart(14)} ${(ratio === undefined ? '' : `${ratioText(ratio)} x`).padStart(9)}`;
  });
  return `  ${name.padEnd(44)} ${library.padEnd(15)} ${shown.join('  ')}`;
}

/** A figure with its unit; nanoseconds in a unit that suits them. */
export function figureText(unit: string, value: number): string {
  if (unit !== 'ns') return `${significant(value)} ${unit}`;
  if (value < 1e4) return `${significant(value)} ns`;
  return value < 1e6 ? `${significant(value / 1e3)} µs` : `${significant(value / 1e6)} ms`;
}

export function ratioText(ratio: number): string {
  return significant(ratio);
}

/** Three digits at most, unless there are more before the point. */
function significant(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
