import type { Row } from './compare.ts';
import { drawing, logarithmicAxis, round, text } from './svg.ts';

const WIDTH = 720;
const HEIGHT = 400;
const MARGIN = { left: 70, right: 150, top: 20, bottom: 50 };
/** Colors of a palette for color-blind readers. */
const COLORS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#7f7f7f',
  '#000000',
  '#882255',
  '#999933',
];

interface Line {
  readonly library: string;
  readonly points: readonly { readonly series: number; readonly nanoseconds: number }[];
}

/** Plots the time per counter over the number of counters for each library, with logarithmic axes. */
export function growthPlot(rows: readonly Row[]): string {
  const lines = linesOf(rows);
  const points = lines.flatMap((line) => line.points);
  const x = logarithmicAxis(
    points.map(({ series }) => series),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const y = logarithmicAxis(
    points.map(({ nanoseconds }) => nanoseconds),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  return drawing(WIDTH, HEIGHT, 'Nanoseconds for each counter of a scrape, by the number of counters', [
    ...x.ticks.map((tick) => vertical(x.at(tick), tick)),
    ...y.ticks.map((tick) => horizontal(y.at(tick), tick)),
    text(MARGIN.left, HEIGHT - 12, 'counters in a scrape'),
    ...lines.flatMap((line, index) => curve(line, COLORS[index % COLORS.length] ?? '#000', x.at, y.at)),
    ...legend(lines, y.at),
  ]);
}

function linesOf(rows: readonly Row[]): Line[] {
  const found = rows.flatMap((row) => {
    const [, count] = /^([\d,]+) counters, text$/.exec(row.case) ?? [];
    if (row.question !== 'scrape' || count === undefined) return [];
    const series = Number(count.replaceAll(',', ''));
    return [{ library: row.library, series, nanoseconds: (row.figures.ns ?? Number.NaN) / series }];
  });
  return [...new Set(found.map(({ library }) => library))].map((library) => ({
    library,
    points: found.filter((point) => point.library === library).sort((a, b) => a.series - b.series),
  }));
}

function vertical(x: number, series: number): string {
  const label = text(x, HEIGHT - MARGIN.bottom + 16, series.toLocaleString('en'), 'middle');
  return `<path d="M${x} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}" stroke="#ddd"/>${label}`;
}

function horizontal(y: number, nanoseconds: number): string {
  const label = text(MARGIN.left - 6, y + 4, `${nanoseconds.toLocaleString('en')} ns`, 'end');
  return `<path d="M${MARGIN.left} ${y}H${WIDTH - MARGIN.right}" stroke="#ddd"/>${label}`;
}

function curve({ points }: Line, color: string, x: (value: number) => number, y: (value: number) => number) {
  const places = points.map(({ series, nanoseconds }) => [round(x(series)), round(y(nanoseconds))] as const);
  return [
    `<polyline points="${places.map(String).join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`),
  ];
}

/** Places each name beside the end of its line, or below the previous name if there is no room. */
function legend(lines: readonly Line[], y: (value: number) => number): string[] {
  const names = lines.map(({ library, points }, index) => {
    const color = COLORS[index % COLORS.length] ?? '#000';
    return { library, color, at: y(points.at(-1)?.nanoseconds ?? 1) };
  });
  let free = 0;
  return names
    .sort((a, b) => a.at - b.at)
    .map(({ library, color, at }) => {
      const place = Math.max(at + 4, free);
      free = place + 14;
      return `<text x="${WIDTH - MARGIN.right + 8}" y="${round(place)}" fill="${color}">${library}</text>`;
    });
}
