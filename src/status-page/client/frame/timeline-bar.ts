import { formatAge, formatBytes, formatClock, formatNumber, formatSeconds } from '../data/value-format.ts';
import type { PageContext } from '../page/context.ts';
import { el, isTyping, setAttributes, setText } from '../page/dom.ts';

const SPANS: readonly (readonly [ms: number, text: string])[] = [
  [60_000, '1 min'],
  [300_000, '5 min'],
  [900_000, '15 min'],
];

/** Pauses the page, scrolls back, chooses how much time charts show, and tells what the page costs. */
export class TimelineBar {
  readonly element: HTMLElement;
  readonly #app: PageContext;
  readonly #pause = el('button', { type: 'button', class: 'pause', 'aria-keyshortcuts': 'p' });
  readonly #range = el('input', { type: 'range', min: -900, max: 0, step: 1, value: 0, 'aria-label': 'Time shown' });
  readonly #time = el('span', { class: 'shown-time' });
  readonly #cost = el('span', { class: 'cost muted' });
  readonly #span = el(
    'select',
    { 'aria-label': 'Length of the charts' },
    ...SPANS.map(([ms, text]) => el('option', { value: ms, selected: ms === 300_000 }, text)),
  );

  constructor(app: PageContext) {
    this.#app = app;
    this.element = el(
      'section',
      { class: 'timeline', 'aria-label': 'Time' },
      this.#pause,
      this.#range,
      this.#time,
      this.#span,
      this.#cost,
    );
    this.#pause.addEventListener('click', () => app.timeline.toggle());
    this.#span.addEventListener('input', () => app.timeline.setSpan(Number(this.#span.value)));
    this.#range.addEventListener('input', () => {
      const back = Number(this.#range.value);
      app.timeline.pause(back >= 0 ? undefined : app.store.state.time + back * 1000);
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'p' && !isTyping(event) && !event.ctrlKey && !event.metaKey && !event.altKey)
        app.timeline.toggle();
    });
  }

  update(): void {
    const { store, timeline } = this.#app;
    const { history, state } = store;
    const seconds = Math.max(1, Math.ceil((state.time - history.timeOf(history.oldest)) / 1000));
    const back = timeline.pausedAt === undefined ? 0 : Math.round((timeline.pausedAt - state.time) / 1000);
    const age = timeline.isLive ? 'now' : formatAge(timeline.shownTime, state.time);
    setText(this.#pause, timeline.isLive ? '❚❚ Pause' : '▶ Live');
    this.#pause.classList.toggle('paused', !timeline.isLive);
    setAttributes(this.#range, { min: -seconds, 'aria-valuetext': `${formatClock(timeline.shownTime)}, ${age}` });
    this.#range.value = String(back);
    setText(
      this.#time,
      timeline.isLive ? formatClock(timeline.shownTime) : `${formatClock(timeline.shownTime)}, ${age}`,
    );
    setText(this.#cost, this.#costText());
    setAttributes(this.#cost, { title: this.#historyText() });
  }

  #costText(): string {
    const { viewers, workMs, sentBytes } = this.#app.store.state.cost;
    const pages = viewers === 1 ? '1 viewer' : `${viewers} viewers`;
    return `This page: ${formatSeconds(workMs / 1000)} per sample, ${formatBytes(sentBytes)}/s, ${pages}`;
  }

  #historyText(): string {
    const { about, cost } = this.#app.store.state;
    const kept = about.isHistoryKept ? 'always' : 'while a page is open';
    return `History of ${formatSeconds(about.historyMs / 1000)}, kept ${kept}: ${formatBytes(cost.historyBytes)}, ${formatNumber(cost.trackedSeries)} series with a line, ${formatNumber(cost.untrackedSeries)} without. Gathering takes ${formatSeconds(cost.gatherMs / 1000)}.`;
  }
}
