import { HostileConnection, type HostileTarget } from './hostile-connection.ts';
import type { ProcessUsage } from './process-usage.ts';

/** Something that a hostile or broken client does. */
export interface HostileCase {
  readonly name: string;
  /** Whether it waits until the server loses patience. */
  readonly isSlow?: true;
  /** Does it; rejects with what the server did wrong. */
  readonly run: (target: HostileTarget) => Promise<void>;
}

const TRIES = 5;
/** How long what a client has left may take to be gone. */
const SETTLE_MS = 5000;
/** What compiled code, caches and the client of the cases may add to the memory, however many cases there are. */
const MEMORY_MB = 8;

/** Does what the case does, and then looks at the server. Rejects where it did wrong, or is worse off for it. */
export async function runHostileCase(hostileCase: HostileCase, target: HostileTarget): Promise<void> {
  await hostileCase.run(target);
  await assertUnharmed(target);
}

/**
 * Rejects unless one of a few normal scrapes is answered with 200 in time (one may meet a busy machine), and, where the
 * target tells its usage, unless its process has as few open descriptors and handles as at first, and at most 8 MB more
 * memory.
 */
export async function assertUnharmed(target: HostileTarget): Promise<void> {
  await assertScraped(target);
  const { usage, baseline } = target;
  if (usage === undefined || baseline === undefined) return;
  const deadline = performance.now() + SETTLE_MS;
  let excess = excessOf(await usage(), baseline);
  while (excess !== undefined && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    excess = excessOf(await usage(), baseline);
  }
  if (excess !== undefined) throw new Error(`The server is left with more than before: ${excess}.`);
}

function excessOf(now: ProcessUsage, before: ProcessUsage): string | undefined {
  if (now.descriptors > before.descriptors) return `${now.descriptors} descriptors, and ${before.descriptors} before`;
  if (now.handles > before.handles) return `${now.handles} handles, and ${before.handles} before`;
  if (now.memoryMb <= before.memoryMb + MEMORY_MB) return undefined;
  return `${now.memoryMb.toFixed(1)} MB of memory, and ${before.memoryMb.toFixed(1)} before`;
}

async function assertScraped(target: HostileTarget): Promise<void> {
  const { path = '/metrics', scrapeMs = 100 } = target;
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES && best >= scrapeMs; attempt++) {
    const connection = await HostileConnection.open(target);
    const began = performance.now();
    connection.send(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const { statuses } = await connection.answer();
    if (statuses[0] !== 200) throw new Error(`A normal scrape was answered with ${statuses[0] ?? 'nothing'}.`);
    best = Math.min(best, performance.now() - began);
  }
  if (best >= scrapeMs) throw new Error(`A normal scrape took ${Math.round(best)} ms, more than ${scrapeMs}.`);
}
