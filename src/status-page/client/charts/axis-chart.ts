import type { Track } from '../data/history.ts';
import { formatClock } from '../data/value-format.ts';
import type { Draw, Scene } from './canvas.ts';
import { drawLine, rangeOf } from './line.ts';

/** Space for times. */
const BOTTOM = 18;

/** Returns a large chart of one line, with the ends of its scale. */
export function axisChart(trackOf: () => Track | undefined, format: (value: number) => string): Draw {
  return (context, width, height, scene) => {
    const track = trackOf();
    if (track === undefined) return;
    const range = rangeOf(scene, track);
    const plot = height - BOTTOM;
    context.fillStyle = scene.palette.grid;
    for (const y of [0.5, plot / 2, plot - 0.5]) context.fillRect(0, Math.round(y), width, 1);
    drawLine(context, width, plot, scene, track, range, 6);
    context.font = '11px system-ui, sans-serif';
    context.fillStyle = scene.palette.muted;
    context.textBaseline = 'top';
    context.fillText(format(range.high), 4, 4);
    context.textBaseline = 'bottom';
    context.fillText(format(range.low), 4, plot - 4);
    drawTimes(context, width, height, scene);
  };
}

/** Adds a row with times below another chart. */
export function withTimes(draw: Draw): Draw {
  return (context, width, height, scene) => {
    draw(context, width, height - BOTTOM, scene);
    drawTimes(context, width, height, scene);
  };
}

function drawTimes(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  { window: { from, to }, palette }: Scene,
): void {
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = palette.muted;
  context.textBaseline = 'bottom';
  const count = width > 500 ? 4 : 2;
  for (let index = 0; index <= count; index++) {
    context.textAlign = index === 0 ? 'left' : index === count ? 'right' : 'center';
    context.fillText(formatClock(from + ((to - from) * index) / count), (width * index) / count, height);
  }
  context.textAlign = 'left';
}
