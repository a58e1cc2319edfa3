import type { Family } from '../../protocol.ts';
import type { FamilyTracks, Track } from '../data/history.ts';
import { type Draw, type Scene, xOf } from './canvas.ts';

/** Returns a chart of the buckets of a histogram over time: darker where more observations were. */
export function heatMap(tracksOf: () => FamilyTracks | undefined): Draw {
  return (context, width, height, scene) => {
    const tracks = tracksOf();
    if (tracks) drawCells(context, width, height, scene, usedBuckets(scene, tracks.buckets));
  };
}

/** Returns a larger heat map with bounds and the lines of p50, p90 and p99. */
export function heatMapWithQuantiles(
  tracksOf: () => FamilyTracks | undefined,
  familyOf: () => Family | undefined,
  format: (value: number) => string,
): Draw {
  return (context, width, height, scene) => {
    const tracks = tracksOf();
    const bounds = familyOf()?.upperBounds;
    if (tracks === undefined || bounds === undefined) return;
    const used = usedBuckets(scene, tracks.buckets);
    drawCells(context, width, height, scene, used);
    drawBounds(context, height, scene, used, bounds, format);
    for (const [index, track] of tracks.quantiles.entries()) {
      drawQuantile(context, width, height, scene, track, used, bounds, scene.palette.quantiles[index] ?? '');
    }
  };
}

interface UsedBuckets {
  readonly tracks: readonly Track[];
  /** Index of the first of `tracks` among all buckets. */
  readonly first: number;
}

/** Leaves out the empty buckets above and below, which would squeeze the others. */
function usedBuckets({ history, window }: Scene, tracks: readonly Track[]): UsedBuckets {
  const isUsed = tracks.map((track) => {
    for (let sample = window.first; sample <= window.last; sample++) if (history.at(track, sample) > 0) return true;
    return false;
  });
  const first = Math.max(0, isUsed.indexOf(true) - 1);
  const last = isUsed.lastIndexOf(true);
  return last < 0 ? { tracks: tracks.slice(0, 1), first: 0 } : { tracks: tracks.slice(first, last + 2), first };
}

function drawCells(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  scene: Scene,
  { tracks }: UsedBuckets,
): void {
  const { history, window, palette } = scene;
  const columns = columnsOf(scene, width);
  const cells = tracks.map((track) => columns.map(([first, last]) => sumOf(scene, track, first, last)));
  const most = Math.max(...cells.flat(), 1);
  const rowHeight = height / tracks.length;
  context.fillStyle = palette.line;
  for (const [row, counts] of cells.entries()) {
    for (const [column, count] of counts.entries()) {
      if (!(count > 0)) continue;
      const [first, last] = columns[column] ?? [0, 0];
      const right = xOf(history.timeOf(last), window, width);
      const left =
        first > window.first ? xOf(history.timeOf(first - 1), window, width) : right - width / columns.length;
      context.globalAlpha = 0.12 + 0.88 * Math.sqrt(count / most);
      context.fillRect(left, height - (row + 1) * rowHeight, Math.max(1, right - left), Math.max(1, rowHeight - 0.5));
    }
  }
  context.globalAlpha = 1;
}

/** Combines samples so that each column is at least three pixels wide. */
function columnsOf({ window }: Scene, width: number): (readonly [first: number, last: number])[] {
  const count = window.last - window.first + 1;
  const size = Math.max(1, Math.ceil(count / Math.max(1, Math.floor(width / 3))));
  const columns: (readonly [number, number])[] = [];
  // Columns end at multiples of their size, so that they keep their samples while time moves on.
  for (let first = window.first - (window.first % size); first <= window.last; first += size) {
    columns.push([Math.max(first, window.first), Math.min(first + size - 1, window.last)]);
  }
  return columns;
}

function sumOf({ history }: Scene, track: Track, first: number, last: number): number {
  let sum = 0;
  for (let sample = first; sample <= last; sample++) {
    const count = history.at(track, sample);
    if (count > 0) sum += count;
  }
  return sum;
}

function drawBounds(
  context: CanvasRenderingContext2D,
  height: number,
  { palette }: Scene,
  { tracks, first }: UsedBuckets,
  bounds: readonly number[],
  format: (value: number) => string,
): void {
  const rowHeight = height / tracks.length;
  const step = Math.max(1, Math.ceil(16 / rowHeight));
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (let row = 0; row < tracks.length - 1; row += step) {
    const bound = bounds[first + row];
    if (bound === undefined) continue;
    const y = height - (row + 1) * rowHeight;
    const middle = Math.max(8, Math.min(height - 8, y));
    const text = format(bound);
    context.fillStyle = palette.surface;
    context.fillRect(0, middle - 8, context.measureText(text).width + 8, 16);
    context.fillStyle = palette.muted;
    context.fillText(text, 4, middle);
  }
}

function drawQuantile(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  { history, window }: Scene,
  track: Track,
  used: UsedBuckets,
  bounds: readonly number[],
  color: string,
): void {
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  let isDrawing = false;
  for (let sample = window.first; sample <= window.last; sample++) {
    const value = history.at(track, sample);
    if (!Number.isFinite(value)) {
      isDrawing = false;
      continue;
    }
    const x = xOf(history.timeOf(sample), window, width);
    const y = height - (positionOf(value, bounds) - used.first) * (height / used.tracks.length);
    if (isDrawing) context.lineTo(x, y);
    else context.moveTo(x, y);
    isDrawing = true;
  }
  context.stroke();
}

/** Returns the number of buckets below a value, with a fraction for its place in its own bucket. */
function positionOf(value: number, bounds: readonly number[]): number {
  const index = bounds.findIndex((bound) => value <= bound);
  if (index === -1) return bounds.length;
  const upper = bounds[index] ?? value;
  const lower = index > 0 ? (bounds[index - 1] ?? 0) : Math.min(0, upper);
  return index + (upper > lower ? (value - lower) / (upper - lower) : 1);
}
