import { type Palette, readPalette, type Scene } from './charts/canvas.ts';
import { Connection } from './data/connection.ts';
import { Timeline } from './data/page-timeline.ts';
import { Store } from './data/store.ts';
import { Header } from './frame/header.ts';
import { ProcessStrip } from './frame/process-strip.ts';
import { Tabs } from './frame/tabs.ts';
import { themeButton } from './frame/theme.ts';
import { TimelineBar } from './frame/timeline-bar.ts';
import { MetricsView } from './metrics/metrics-view.ts';
import type { PageContext } from './page/context.ts';
import type { View } from './page/tab-view.ts';
import { CardinalityView } from './views/cardinality-view.ts';
import { CollectorsView } from './views/collectors-view.ts';
import { ConfigurationView } from './views/configuration-view.ts';
import { ScrapesView } from './views/scrapes-view.ts';
import { TasksView } from './views/tasks-view.ts';

/** Narrower pages have taller rows. The style sheet has the same limit. */
const NARROW = '(max-width: 720px)';

interface Part {
  update(): void;
}

/** Connects the parts of the page, and updates them together, at most once per frame. */
export class App implements PageContext {
  readonly store = new Store();
  readonly timeline = new Timeline(this.store, () => this.#schedule());
  readonly connection = new Connection(this.store, () => this.#schedule());
  readonly #root: HTMLElement;
  readonly #narrow = matchMedia(NARROW);
  #parts: readonly Part[] = [];
  #scene: Scene | undefined;
  #palette: Palette | undefined;
  #isScheduled = false;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.store.subscribe(() => this.#schedule());
  }

  start(): void {
    this.connection.start();
  }

  get isNarrow(): boolean {
    return this.#narrow.matches;
  }

  /** Source of all charts of this update. */
  get scene(): Scene {
    if (this.#scene === undefined) {
      this.#palette ??= readPalette();
      const { window, cursor } = this.timeline;
      this.#scene = { history: this.store.history, window, palette: this.#palette, cursor };
    }
    return this.#scene;
  }

  #schedule(): void {
    this.#scene = undefined;
    if (this.#isScheduled || this.store.isEmpty) return;
    this.#isScheduled = true;
    // A hidden page gets no frames, but needs to keep its title up to date.
    if (document.hidden) setTimeout(() => this.#update());
    else requestAnimationFrame(() => this.#update());
  }

  #update(): void {
    this.#isScheduled = false;
    if (this.#parts.length === 0) this.#build();
    for (const part of this.#parts) part.update();
  }

  /** Replaces what the server has written, once there is something to show. */
  #build(): void {
    const theme = themeButton(() => {
      this.#palette = undefined;
      this.#schedule();
    });
    const header = new Header(this, theme);
    const timeline = new TimelineBar(this);
    const strip = new ProcessStrip(this);
    const tabs = new Tabs(this.#views());
    this.#root.replaceChildren(header.element, timeline.element, strip.element, tabs.element);
    this.#parts = [header, timeline, strip, tabs];
  }

  /** Creates the views of all that the server knows. */
  #views(): readonly View[] {
    const { tasks, scrapes, configuration } = this.store.state;
    const views: View[] = [new MetricsView(this), new CardinalityView(this), new CollectorsView(this)];
    if (tasks) views.push(new TasksView(this));
    if (scrapes) views.push(new ScrapesView(this));
    if (configuration) views.push(new ConfigurationView(this));
    return views;
  }
}
