import type { Row } from './compare.ts';
import { drawing, logarithmicAxis, round, text } from './svg.ts';

const WIDTH = 720;
const MARGIN = { left: 130, right: 40, top: 40, bottom: 40 };
const LINE = 34;
const COLORS: Readonly<Record<string, string>> = { 'ms p50': '#0072b2', 'ms p99': '#e69f00', 'ms p99.9': '#d55e00' };

/** Plots the response times of a service for each library, on a logarithmic axis. */
export function latencyPlot(allRows: readonly Row[]): string {
  const rows = allRows.filter(({ question }) => question === 'latency');
  const times = rows.flatMap(({ figures }) => Object.values(figures));
  const x = logarithmicAxis(times, MARGIN.left, WIDTH - MARGIN.right);
  const bottom = MARGIN.top + rows.length * LINE;
  const height = bottom + MARGIN.bottom;
  return drawing(WIDTH, height, 'Response times of a service that is scraped every second, by library', [
    ...Object.entries(COLORS).map(([name, color], index) =>
      text(MARGIN.left + index * 70, 20, name.slice(3), 'start', color),
    ),
    ...x.ticks.map((tick) => tickLine(round(x.at(tick)), bottom, tick)),
    ...rows.flatMap((row, index) => rowOfDots(row, MARGIN.top + (index + 0.5) * LINE, x.at)),
  ]);
}

function tickLine(x: number, bottom: number, milliseconds: number): string {
  const label = text(x, bottom + 16, `${milliseconds.toLocaleString('en')} ms`, 'middle');
  return `<path d="M${x} ${MARGIN.top}V${bottom}" stroke="#ddd"/>${label}`;
}

/** A line from the lowest to the highest time, with a dot for each. */
function rowOfDots({ library, figures }: Row, y: number, x: (time: number) => number): string[] {
  const dots = Object.entries(figures).map(([name, time]) => ({ at: round(x(time)), color: COLORS[name] ?? '#000' }));
  const line = `<path d="M${dots[0]?.at ?? 0} ${y}H${dots.at(-1)?.at ?? 0}" stroke="#999" stroke-width="2"/>`;
  const circles = dots.map(({ at, color }) => `<circle cx="${at}" cy="${y}" r="5" fill="${color}"/>`);
  return [text(MARGIN.left - 10, y + 4, library, 'end', '#000'), line, ...circles];
}
