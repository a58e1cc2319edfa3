import { readFileSync, writeFileSync } from 'node:fs';
import { median } from './compare.ts';
import type { Case, Question } from './question.ts';
import { counters } from './scraped.ts';
import { ScrapedServer } from './scrapers.ts';

const SCRAPES = 7;
/** Stops after this time if there were fewer scrapes. */
const ENOUGH_MS = 5000;

/** A scrape of very many series while the process does other things: a timer each millisecond. */
function blocked(count: number, encoding: 'gzip' | 'identity'): Case {
  return {
    name: `${count.toLocaleString('en')} counters, ${encoding}`,
    rounds: 1,
    async measure(library) {
      const client = await library.open('text');
      if (client?.listener === undefined || !counters(count)(client)) return undefined;
      const server = new ScrapedServer(client.listener);
      const scrape = () => server.scrape({ connections: 1, milliseconds: 0, encoding });
      const blocks: number[] = [];
      const times: number[] = [];
      await scrape();
      globalThis.gc?.();
      const before = resident();
      forgetPeak();
      const began = performance.now();
      while (blocks.length === 0 || (blocks.length < SCRAPES && performance.now() - began < ENOUGH_MS)) {
        const watch = new LoopWatch();
        times.push(...(await scrape()));
        blocks.push(watch.end());
      }
      server.close();
      return {
        figures: {
          'ms blocked': median(blocks),
          'ms blocked at most': Math.max(...blocks),
          'ms a scrape': median(times),
          'MB more': (peak() - before) / 1e6,
        },
      };
    },
  };
}

/** Returns the longest delay of a timer of one millisecond. */
class LoopWatch {
  #last = performance.now();
  #longest = 0;
  readonly #timer = setInterval(() => {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last - 1);
    this.#last = now;
  }, 1);

  end(): number {
    clearInterval(this.#timer);
    return this.#longest;
  }
}

// Linux records the peak memory of a process and can reset it. Other systems do not have this figure.

function forgetPeak(): void {
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
}

function peak(): number {
  return statusBytes('VmHWM');
}

function resident(): number {
  return statusBytes('VmRSS');
}

function statusBytes(key: string): number {
  if (process.platform !== 'linux') return Number.NaN;
  const [, kilobytes] = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

export default {
  title: 'A scrape of very many series over HTTP: time that the event loop is blocked, and memory',
  cases: [blocked(1_000_000, 'identity'), blocked(100_000, 'gzip')],
} satisfies Question;
