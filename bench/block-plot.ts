import { drawing, round, text } from './svg.ts';

/** A sample and its time in seconds since the block began. */
interface TimedValue {
  readonly at: number;
  readonly value: number;
}

/** A program that was scraped while its event loop was blocked. */
export interface ScrapedProgram {
  readonly name: string;
  readonly up: readonly TimedValue[];
  readonly durations: readonly TimedValue[];
  readonly steps: readonly TimedValue[];
}

const WIDTH = 720;
const MARGIN = { left: 60, right: 20, top: 44 };
const ROW = 110;
const PLOT = 64;
/** Longest time between two scrapes of which none is missing, in seconds. */
const MAX_GAP = 1.6;
const ANSWERED = '#009e73';
const FAILED = '#d55e00';

/** Draws for each program its scrapes and the value of its counter over the time; `seconds` is the length of the block. */
export function blockPlot(programs: readonly ScrapedProgram[], seconds: number): string {
  const times = programs.flatMap(({ up }) => up.map(({ at }) => at));
  const [first, last] = [Math.min(0, ...times), Math.max(seconds, ...times)];
  const x = (at: number) => round(MARGIN.left + ((at - first) / (last - first)) * (WIDTH - MARGIN.left - MARGIN.right));
  const height = MARGIN.top + programs.length * ROW + 30;
  const top = Math.max(1, ...programs.flatMap(({ steps }) => steps.map(({ value }) => value)));
  return drawing(WIDTH, height, 'Scrapes of a program while its event loop is blocked', [
    `<rect x="${x(0)}" y="24" width="${round(x(seconds) - x(0))}" height="${height - 54}" fill="#f0e9dc"/>`,
    text((x(0) + x(seconds)) / 2, 18, `event loop blocked for ${Math.round(seconds)} s`, 'middle'),
    ...programs.flatMap((program, index) => row(program, MARGIN.top + index * ROW, x, top)),
    ...ticks(first, last).map((at) => text(x(at), height - 10, `${at} s`, 'middle')),
  ]);
}

function row({ name, up, steps }: ScrapedProgram, y: number, x: (at: number) => number, top: number): string[] {
  const height = (value: number) => round(y + PLOT - (value / top) * (PLOT - 20));
  const lines = runsOf(steps).map((run) => run.map(({ at, value }) => `${x(at)},${height(value)}`).join(' '));
  return [
    text(8, y - 4, name, 'start', '#000'),
    ...lines.map((points) => `<polyline points="${points}" fill="none" stroke="#0072b2" stroke-width="1.5"/>`),
    ...up.map(({ at, value }) => {
      const color = value === 1 ? ANSWERED : FAILED;
      return `<circle cx="${x(at)}" cy="${y + PLOT + 12}" r="4" fill="${value === 1 ? color : '#fff'}" stroke="${color}" stroke-width="1.5"/>`;
    }),
    text(8, y + PLOT + 16, 'scrapes'),
    text(WIDTH - 8, y - 4, `${up.filter(({ value }) => value === 1).length} of ${up.length} scrapes answered`, 'end'),
    text(8, y + PLOT / 2 + 4, 'counter', 'start', '#0072b2'),
  ];
}

/** Samples between which no scrape is missing. */
function runsOf(samples: readonly TimedValue[]): TimedValue[][] {
  const runs: TimedValue[][] = [];
  for (const sample of samples) {
    const run = runs.at(-1);
    if (run !== undefined && sample.at - (run.at(-1)?.at ?? 0) < MAX_GAP) run.push(sample);
    else runs.push([sample]);
  }
  return runs;
}

function ticks(first: number, last: number): number[] {
  const from = Math.ceil(first / 5);
  return Array.from({ length: Math.floor(last / 5) - from + 1 }, (_, index) => (from + index) * 5);
}
