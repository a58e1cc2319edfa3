import type { FamilyTracks } from '../data/history.ts';
import { type Draw, xOf } from './canvas.ts';

/** Returns a chart of the states of a state set over time, as bands of colors. */
export function bands(tracksOf: () => FamilyTracks | undefined): Draw {
  return (context, width, height, { history, window, palette }) => {
    const states = tracksOf()?.states ?? [];
    for (let sample = Math.max(window.first, 0); sample <= window.last; sample++) {
      const right = xOf(history.timeOf(sample), window, width);
      const left = sample > window.first ? xOf(history.timeOf(sample - 1), window, width) : right - 2;
      const counts = states.map((track) => Math.max(0, history.at(track, sample)) || 0);
      const total = counts.reduce((sum, count) => sum + count, 0);
      let top = 0;
      for (const [index, count] of counts.entries()) {
        if (count === 0) continue;
        const size = (count / total) * height;
        context.fillStyle = palette.states[index % palette.states.length] ?? '';
        context.fillRect(left, top, right - left + 0.5, size);
        top += size;
      }
    }
  };
}
