import { setTimeout as delay } from 'node:timers/promises';
import { printable } from '../command/colors.ts';
import { CommandError } from '../command/command-error.ts';
import type { Console } from '../command/command-io.ts';
import type { Document } from '../document/document.ts';
import { openScreen, type Screen } from './screen.ts';
import { Trends } from './trends.ts';
import { watchReport } from './watch-report.ts';

export interface WatchOptions {
  readonly intervalMs: number;
  /** Ends after so many refreshes. */
  readonly count: number;
  readonly top: number | undefined;
  readonly read: () => Promise<Document>;
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Shows a document again and again until there were enough refreshes, or a signal; resolves with the exit code. A
 * scrape that fails is shown, and does not end it.
 */
export async function watch(options: WatchOptions, console: Console): Promise<number> {
  const screen = openScreen(console);
  const stopped = new AbortController();
  const stop = (signal: NodeJS.Signals) => stopped.abort(signal);
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  for (const signal of names) process.on(signal, stop);
  try {
    const isSound = await Promise.race([refreshAll(options, screen, console, stopped.signal), aborted(stopped.signal)]);
    const signal = names.find((name) => name === stopped.signal.reason);
    if (signal !== undefined) return SIGNALS[signal];
    return isSound ? 0 : 1;
  } finally {
    for (const signal of names) process.off(signal, stop);
    await screen.close();
  }
}

/** Whether the last refresh succeeded. */
async function refreshAll(
  options: WatchOptions,
  screen: Screen,
  console: Console,
  signal: AbortSignal,
): Promise<boolean> {
  const trends = new Trends();
  let isSound = true;
  for (let left = options.count; left > 0 && !signal.aborted; left--) {
    const start = performance.now();
    const lines = await refresh(options, trends, console);
    if (signal.aborted) return false;
    isSound = Array.isArray(lines);
    await screen.show(Array.isArray(lines) ? lines : [console.paint('red', lines)]);
    const rest = options.intervalMs - (performance.now() - start);
    if (left > 1) await delay(Math.max(rest, 0), undefined, { signal }).catch(() => {});
  }
  return isSound;
}

/** The lines to show, or why there are none. */
async function refresh({ read, top }: WatchOptions, trends: Trends, console: Console): Promise<string[] | string> {
  const start = performance.now();
  try {
    const document = await read();
    return watchReport(document, {
      trends: trends.update(document.families, start),
      top,
      milliseconds: performance.now() - start,
      paint: console.paint,
      screen: console.isTerminal ? console : undefined,
    });
  } catch (error) {
    if (error instanceof CommandError) return printable(error.message);
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(false), { once: true }));
}
