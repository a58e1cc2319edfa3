import { setTimeout as delay } from 'node:timers/promises';
import { CommandError } from '../../command-line/usage-error.ts';
import { LONGEST_DELAY_MS } from '../../model/duration.ts';
import { escapeInvisible } from '../command/colors.ts';
import type { CommandIo } from '../command/command-io.ts';
import type { Document } from '../document/document.ts';
import { openScreen, type Screen } from './screen.ts';
import { Trends } from './trends.ts';
import { watchReport } from './watch-report.ts';

export interface WatchOptions {
  readonly intervalMs: number;
  /** Number of refreshes; undefined for no limit. */
  readonly count: number | undefined;
  readonly top: number | undefined;
  readonly read: () => Promise<Document>;
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Shows a document repeatedly until the number of refreshes is reached or a signal arrives; resolves with the exit code. Failed
 * scrapes are shown and do not end it.
 */
export async function watch(options: WatchOptions, io: CommandIo): Promise<number> {
  const screen = openScreen(io);
  const stopped = new AbortController();
  const stop = (signal: NodeJS.Signals) => stopped.abort(signal);
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  for (const signal of names) process.on(signal, stop);
  try {
    const isSound = await Promise.race([refreshAll(options, screen, io, stopped.signal), aborted(stopped.signal)]);
    const signal = names.find((name) => name === stopped.signal.reason);
    if (signal !== undefined) return SIGNALS[signal];
    return isSound ? 0 : 1;
  } finally {
    for (const signal of names) process.off(signal, stop);
    await screen.close();
  }
}

/** Resolves with whether the last refresh succeeded. */
async function refreshAll(options: WatchOptions, screen: Screen, io: CommandIo, signal: AbortSignal): Promise<boolean> {
  const trends = new Trends();
  let isSound = true;
  for (let left = options.count ?? Number.POSITIVE_INFINITY; left > 0 && !signal.aborted; left--) {
    const start = performance.now();
    const lines = await refresh(options, trends, io);
    if (signal.aborted) return false;
    isSound = Array.isArray(lines);
    await screen.show(Array.isArray(lines) ? lines : [io.paint('red', lines)]);
    const rest = Math.max(options.intervalMs - (performance.now() - start), 0);
    if (left > 1) await delay(Math.min(rest, LONGEST_DELAY_MS), undefined, { signal }).catch(() => {});
  }
  return isSound;
}

/** Resolves with the lines to show, or with an error message. */
async function refresh({ read, top }: WatchOptions, trends: Trends, io: CommandIo): Promise<string[] | string> {
  const start = performance.now();
  try {
    const document = await read();
    return watchReport(document, {
      trends: trends.update(document.families, start),
      top,
      milliseconds: performance.now() - start,
      paint: io.paint,
      screen: io.isTerminal ? io : undefined,
    });
  } catch (error) {
    if (error instanceof CommandError) return escapeInvisible(error.message);
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(false), { once: true }));
}
