/** Returns an SVG file with a white background. */
export function drawing(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** Text in a plot, at the rounded position. */
export function text(x: number, y: number, content: string, anchor = 'start', color = '#555'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${color}">${content}</text>`;
}

/** Rounds a position, so that files are short. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A logarithmic axis between two positions. It extends the range of the values to powers of ten, which are its ticks. */
export function logarithmicAxis(values: readonly number[], from: number, to: number) {
  const lowest = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const highest = Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  const ticks = Array.from({ length: highest - lowest + 1 }, (_, index) => 10 ** (lowest + index));
  const at = (value: number) => from + ((Math.log10(value) - lowest) / (highest - lowest)) * (to - from);
  return { ticks, at };
}
