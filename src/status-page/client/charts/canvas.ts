import type { History } from '../data/history.ts';
import type { Timeline, TimeWindow } from '../data/page-timeline.ts';
import { returnCanvas, takeCanvas } from './canvas-pool.ts';

/** Colors of the style sheet for canvases. */
export interface Palette {
  readonly line: string;
  readonly fill: string;
  readonly muted: string;
  readonly grid: string;
  readonly surface: string;
  readonly bad: string;
  readonly warn: string;
  readonly states: readonly string[];
  readonly quantiles: readonly string[];
}

/** Everything that a chart is drawn from. */
export interface Scene {
  readonly history: History;
  readonly window: TimeWindow;
  readonly palette: Palette;
  /** Time below the pointer. */
  readonly cursor: number | undefined;
}

export type Draw = (context: CanvasRenderingContext2D, width: number, height: number, scene: Scene) => void;

/** A canvas as large as its box. */
export class Chart {
  readonly canvas: HTMLCanvasElement;
  readonly #draw: Draw;
  #width = 0;
  #height = 0;

  /** `size` is known for charts in rows; others follow the size of their box in the layout. */
  constructor(draw: Draw, size?: { readonly width: number; readonly height: number }) {
    this.#draw = draw;
    this.canvas = takeCanvas(size ? 'row-plot' : 'plot');
    if (size) {
      this.#width = size.width;
      this.#height = size.height;
    } else new ResizeObserver(() => this.#measure()).observe(this.canvas);
  }

  /** Lets the pointer choose a time. */
  followPointer(timeline: Timeline): this {
    this.canvas.addEventListener('pointermove', ({ offsetX }) => {
      const { from, to } = timeline.window;
      timeline.point(from + (offsetX / Math.max(1, this.canvas.clientWidth)) * (to - from));
    });
    this.canvas.addEventListener('pointerleave', () => timeline.point(undefined));
    return this;
  }

  /** Gives up the canvas, for other charts. */
  remove(): void {
    this.canvas.remove();
    returnCanvas(this.canvas);
  }

  draw(scene: Scene): void {
    if (this.#width === 0) this.#measure();
    const context = emptyContext(this.canvas, this.#width, this.#height);
    if (context === null) return;
    this.#draw(context, this.#width, this.#height, scene);
    drawCursor(context, this.#width, this.#height, scene);
  }

  /** Reading the size may cost a layout, so charts in rows are given theirs. */
  #measure(): void {
    this.#width = this.canvas.clientWidth;
    this.#height = this.canvas.clientHeight;
  }
}

/** Empties a canvas and gives it the resolution of the screen. Returns null if the size is 0. */
export function emptyContext(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  const context = size.width > 0 && size.height > 0 ? canvas.getContext('2d') : null;
  if (context === null) return null;
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

export function xOf(time: number, { from, to }: TimeWindow, width: number): number {
  return ((time - from) / (to - from)) * width;
}

function drawCursor(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  { cursor, window, palette }: Scene,
): void {
  if (cursor === undefined) return;
  context.fillStyle = palette.muted;
  context.fillRect(Math.round(xOf(cursor, window, width)), 0, 1, height);
}

/** Returns the colors of the current theme. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    line: color('accent'),
    fill: color('accent-soft'),
    muted: color('muted'),
    grid: color('border'),
    surface: color('surface'),
    bad: color('bad'),
    warn: color('warn'),
    states: [1, 2, 3, 4, 5, 6].map((index) => color(`state-${index}`)),
    quantiles: [color('quantile-1'), color('quantile-2'), color('quantile-3')],
  };
}
