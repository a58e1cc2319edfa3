import { Chart, type Scene, xOf } from '../charts/canvas.ts';
import { drawLine, rangeOf } from '../charts/line.ts';
import { formatBytes, formatKnown, formatNumber, formatPercent, formatSeconds } from '../data/value-format.ts';
import type { PageContext } from '../page/context.ts';
import { el, setAttributes, setText } from '../page/dom.ts';

interface TileKind {
  /** Member of the state of the process. */
  readonly name: string;
  readonly title: string;
  readonly format: (value: number) => string;
  /** Member with a limit or another value to be shown beside it. */
  readonly other?: { readonly name: string; readonly before: string };
  readonly hasPauses?: boolean;
}

const TILES: readonly TileKind[] = [
  { name: 'cpu', title: 'CPU', format: formatPercent },
  { name: 'residentBytes', title: 'Memory (RSS)', format: formatBytes },
  { name: 'heapUsedBytes', title: 'Heap used', format: formatBytes, other: { name: 'heapLimitBytes', before: 'of ' } },
  {
    name: 'loopDelayP99',
    title: 'Event-loop delay p99',
    format: formatSeconds,
    other: { name: 'loopDelayMax', before: 'max ' },
    hasPauses: true,
  },
  { name: 'loopUtilization', title: 'Event-loop utilization', format: formatPercent },
  { name: 'requestsInFlight', title: 'Requests in flight', format: formatNumber },
];

interface Tile {
  readonly kind: TileKind;
  readonly element: HTMLElement;
  readonly value: HTMLElement;
  readonly other: HTMLElement;
  readonly chart: Chart;
}

/** The values of the process, each with its line. Garbage collections are ticks below the delay of the event loop. */
export class ProcessStrip {
  readonly element = el('section', { class: 'strip', 'aria-label': 'Process' });
  readonly #app: PageContext;
  readonly #tiles: readonly Tile[];

  constructor(app: PageContext) {
    this.#app = app;
    this.#tiles = TILES.map((kind) => this.#newTile(kind));
    this.element.append(...this.#tiles.map(({ element }) => element));
  }

  update(): void {
    const { store, timeline, scene } = this.#app;
    const { chosen, last } = timeline.window;
    const sample = chosen ?? last;
    for (const { kind, element, value, other, chart } of this.#tiles) {
      const track = store.history.process(kind.name);
      element.hidden = track === undefined;
      if (track === undefined) continue;
      setText(value, formatKnown(store.history.at(track, sample), kind.format));
      const otherTrack = kind.other && store.history.process(kind.other.name);
      const otherText =
        otherTrack && `${kind.other?.before}${formatKnown(store.history.at(otherTrack, sample), kind.format)}`;
      const pauses = kind.hasPauses ? this.#pauses() : undefined;
      setText(other, [otherText, pauses?.text].filter(Boolean).join(' · '));
      setAttributes(other, { title: pauses?.title });
      chart.draw(scene);
    }
    this.element.hidden = this.#tiles.every(({ element }) => element.hidden);
  }

  /** Describes the garbage collections in the window. */
  #pauses(): { readonly text: string; readonly title: string } | undefined {
    const { store, timeline } = this.#app;
    const { from, to } = timeline.window;
    const pauses = store.history.gcPauses.filter(({ time }) => time >= from && time <= to);
    if (pauses.length === 0) return undefined;
    const longest = formatSeconds(Math.max(...pauses.map(({ ms }) => ms)) / 1000);
    return {
      text: `${pauses.length} GC`,
      title: `${pauses.length} garbage collections in the chart, the longest took ${longest}`,
    };
  }

  #newTile(kind: TileKind): Tile {
    const value = el('span', { class: 'tile-value' });
    const other = el('span', { class: 'tile-other muted' });
    const chart = new Chart((context, width, height, scene) => {
      const track = scene.history.process(kind.name);
      if (track === undefined) return;
      drawLine(context, width, height, scene, track, rangeOf(scene, track), 4);
      if (kind.hasPauses) drawPauses(context, width, height, scene);
    }).followPointer(this.#app.timeline);
    const element = el('div', { class: 'tile' }, el('h2', {}, kind.title), value, other, chart.canvas);
    return { kind, element, value, other, chart };
  }
}

/** Major collections have taller ticks. */
function drawPauses(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  { history, window, palette }: Scene,
): void {
  for (const { time, kind } of history.gcPauses) {
    if (time < window.from || time > window.to) continue;
    context.fillStyle = kind === 'major' ? palette.bad : palette.warn;
    const size = kind === 'major' ? height / 3 : height / 7;
    context.fillRect(Math.round(xOf(time, window, width)), height - size, 1, size);
  }
}
