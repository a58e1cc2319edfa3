import type { History, Track } from '../data/history.ts';
import { type Draw, type Scene, xOf } from './canvas.ts';

/** Lines are broken where no sample was taken for this many usual intervals. */
const GAP = 4;

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Returns a chart of one line with its area, on a scale that includes 0 if that does not flatten the line. */
export function sparkline(trackOf: () => Track | undefined): Draw {
  return (context, width, height, scene) => {
    const track = trackOf();
    if (track === undefined) return;
    drawLine(context, width, height, scene, track, rangeOf(scene, track), 3);
  };
}

/** Returns the smallest and the largest known point of a line in the window. */
export function rangeOf({ history, window }: Scene, track: Track): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let sample = window.first; sample <= window.last; sample++) {
    const value = history.at(track, sample);
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return { low: 0, high: 1 };
  return withZero(low, high);
}

function withZero(low: number, high: number): Range {
  // A value that hardly changes, such as memory, would be a straight line on a scale from 0.
  const isNarrow = low > 0 && high - low < high / 4;
  const bottom = isNarrow ? low - (high - low) / 4 : Math.min(0, low);
  if (high > bottom) return { low: bottom, high };
  return high === 0 ? { low: 0, high: 1 } : { low: bottom - 1, high: high + 1 };
}

/** Draws a line and the area below it. `padding` is the space above and below. */
export function drawLine(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  scene: Scene,
  track: Track,
  { low, high }: Range,
  padding: number,
): void {
  const scale = (height - 2 * padding) / (high - low);
  const yOf = (value: number) => height - padding - (value - low) * scale;
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.strokeStyle = scene.palette.line;
  context.fillStyle = scene.palette.fill;
  for (const run of runsOf(scene, track)) {
    context.beginPath();
    let x = 0;
    let start = 0;
    for (let sample = run[0]; sample <= run[1]; sample++) {
      x = xOf(scene.history.timeOf(sample), scene.window, width);
      if (sample === run[0]) start = x;
      context.lineTo(x, yOf(scene.history.at(track, sample)));
    }
    if (run[0] === run[1]) context.lineTo(x + 1, yOf(scene.history.at(track, run[1])));
    context.stroke();
    context.lineTo(x, height);
    context.lineTo(start, height);
    context.fill();
  }
}

/** Returns the first and the last sample of each part of the line without gaps. */
function runsOf({ history, window }: Scene, track: Track): (readonly [first: number, last: number])[] {
  const runs: (readonly [number, number])[] = [];
  const usual = usualInterval(history, window.last);
  let start = -1;
  for (let sample = window.first; sample <= window.last; sample++) {
    const isKnown = Number.isFinite(history.at(track, sample));
    const isGap = sample > window.first && history.timeOf(sample) - history.timeOf(sample - 1) > GAP * usual;
    if (start >= 0 && (isGap || !isKnown)) {
      runs.push([start, sample - 1]);
      start = -1;
    }
    if (start < 0 && isKnown) start = sample;
  }
  if (start >= 0) runs.push([start, window.last]);
  return runs;
}

function usualInterval(history: History, last: number): number {
  const first = Math.max(history.oldest, last - 8);
  const intervals = Array.from({ length: last - first }, (_, index) => {
    return history.timeOf(first + index + 1) - history.timeOf(first + index);
  });
  return Math.max(1000, intervals.sort((a, b) => a - b)[intervals.length >> 1] ?? 1000);
}
