import { setTimeout as delay } from 'node:timers/promises';
import { CommandError } from '../../command-line/usage-error.ts';
import { LONGEST_DELAY_MS } from '../../model/duration.ts';
import { escapeInvisible } from '../command/colors.ts';
import { type CommandIo, SIGNALS } from '../command/command-io.ts';
import type { Document } from '../document/document.ts';
import { watchKeys } from './keys.ts';
import { openScreen, type Screen } from './screen.ts';
import { Trends } from './trends.ts';
import { type Key, press, type View } from './view.ts';
import { rowsOn, watchReport } from './watch-report.ts';

export interface WatchOptions {
  readonly intervalMs: number;
  /** Number of refreshes; undefined for no limit. */
  readonly count: number | undefined;
  readonly top: number | undefined;
  readonly filter: string;
  readonly read: () => Promise<Document>;
}

/**
 * Shows a document repeatedly until the number of refreshes is reached, a signal arrives or a key ends it; resolves with the
 * exit code. Failed scrapes are shown and do not end it.
 */
export async function watch(options: WatchOptions, io: CommandIo): Promise<number> {
  const screen = openScreen(io);
  const stopped = new AbortController();
  const stop = (reason: NodeJS.Signals | 'quit') => stopped.abort(reason);
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  for (const signal of names) process.on(signal, stop);
  const table = new WatchedTable(options, screen, io);
  const endKeys = watchKeys(io, (key) => table.press(key, stop));
  try {
    await Promise.race([table.refreshAll(stopped.signal), aborted(stopped.signal)]);
    const signal = names.find((name) => name === stopped.signal.reason);
    if (signal !== undefined) return SIGNALS[signal];
    return table.isSound ? 0 : 1;
  } finally {
    for (const signal of names) process.off(signal, stop);
    endKeys();
    await screen.close();
  }
}

/** A table that is scraped again and again. Keys change what it shows. */
class WatchedTable {
  readonly #options: WatchOptions;
  readonly #screen: Screen;
  readonly #io: CommandIo;
  readonly #trends = new Trends();
  #view: View;
  /** Formats what was read last: a table, or an error message. */
  #lines: () => string[] = () => [];
  /** Whether the last scrape succeeded. */
  isSound = true;

  constructor(options: WatchOptions, screen: Screen, io: CommandIo) {
    this.#options = options;
    this.#screen = screen;
    this.#io = io;
    const sort = options.top === undefined ? 'name' : 'series';
    this.#view = { sort, filter: options.filter, offset: 0, isPaused: false, isTyping: false };
  }

  async refreshAll(signal: AbortSignal): Promise<void> {
    const { count = Number.POSITIVE_INFINITY, intervalMs } = this.#options;
    for (let left = count; left > 0 && !signal.aborted; left--) {
      const start = performance.now();
      if (!this.#view.isPaused) await this.#refresh();
      if (signal.aborted) return;
      await this.#screen.show(this.#lines());
      const rest = Math.max(intervalMs - (performance.now() - start), 0);
      if (left > 1) await delay(Math.min(rest, LONGEST_DELAY_MS), undefined, { signal }).catch(() => {});
    }
  }

  press(key: Key, stop: (reason: NodeJS.Signals | 'quit') => void): void {
    const next = press(this.#view, key, rowsOn(this.#io));
    if (typeof next === 'string') {
      stop(next === 'quit' ? 'quit' : 'SIGINT');
    } else {
      this.#view = next;
      void this.#screen.show(this.#lines());
    }
  }

  async #refresh(): Promise<void> {
    const { read, top } = this.#options;
    const { paint } = this.#io;
    const start = performance.now();
    try {
      const document = await read();
      const milliseconds = performance.now() - start;
      const trends = this.#trends.update(document.families, start);
      this.#lines = () => {
        const screen = this.#io.isTerminal ? this.#io : undefined;
        const { lines, offset } = watchReport(document, { trends, view: this.#view, top, milliseconds, paint, screen });
        this.#view = { ...this.#view, offset };
        return lines;
      };
      this.isSound = true;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const line = paint('red', escapeInvisible(error.message));
      this.#lines = () => [line];
      this.isSound = false;
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
