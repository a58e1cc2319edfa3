import { HostileConnection, type HostileTarget } from './hostile-connection.ts';
import type { ProcessUsage } from './process-usage.ts';

/** Something that a hostile or broken client does. */
export interface HostileCase {
  /** Describes the client, such as `a header of 20 KB`. */
  readonly name: string;
  /** Whether the case lasts until the server closes a slow connection. */
  readonly isSlow?: true;
  /** Runs the case. Rejects with what the server did wrong. */
  readonly run: (target: HostileTarget) => Promise<void>;
}

const TRIES = 5;
/** How long the traces of a client may take to disappear. */
const SETTLE_MS = 5000;
/** Memory that compiled code, caches and the clients of all cases together may add. */
const MAX_MEMORY_MB = 8;

/**
 * Runs a case and then checks the server with `assertUnharmed()`.
 *
 * @throws {Error} if the server answered wrongly or is worse off than before.
 *
 * @example
 * ```ts
 * import { once } from 'node:events';
 * import { createServer } from 'node:http';
 * import type { AddressInfo } from 'node:net';
 * import { metricsHandler } from 'zeroprom';
 * import { hostileCases, runHostileCase } from 'zeroprom/testing/hostile';
 *
 * const server = createServer(metricsHandler());
 * await once(server.listen(0, '127.0.0.1'), 'listening');
 * const { port } = server.address() as AddressInfo;
 * for (const each of hostileCases.filter(({ name }) => name.startsWith('a query'))) {
 *   await runHostileCase(each, { host: '127.0.0.1', port, scrapeMs: 1000 });
 * }
 * server.close();
 * ```
 */
export async function runHostileCase(hostileCase: HostileCase, target: HostileTarget): Promise<void> {
  await hostileCase.run(target);
  await assertUnharmed(target);
}

/**
 * Asserts that one of a few normal scrapes is answered with 200 in time (a single one might be delayed by other
 * processes). If the target has `usage` and `baseline`, also asserts that its process holds no more descriptors and
 * handles than at first, and at most 8 MB more memory.
 *
 * @throws {Error} if a scrape fails or is slow, or the process holds more.
 *
 * @example
 * ```ts
 * import { once } from 'node:events';
 * import { createServer } from 'node:http';
 * import type { AddressInfo } from 'node:net';
 * import { metricsHandler } from 'zeroprom';
 * import { assertUnharmed } from 'zeroprom/testing/hostile';
 *
 * const server = createServer(metricsHandler());
 * await once(server.listen(0, '127.0.0.1'), 'listening');
 * const { port } = server.address() as AddressInfo;
 * await assertUnharmed({ host: '127.0.0.1', port, scrapeMs: 1000 });
 * server.close();
 * ```
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
  if (excess !== undefined) throw new Error(`The server holds more than before: ${excess}.`);
}

function excessOf(now: ProcessUsage, before: ProcessUsage): string | undefined {
  if (now.descriptors > before.descriptors) return `${now.descriptors} descriptors, ${before.descriptors} before`;
  if (now.handles > before.handles) return `${now.handles} handles, ${before.handles} before`;
  if (now.memoryMb <= before.memoryMb + MAX_MEMORY_MB) return undefined;
  return `${now.memoryMb.toFixed(1)} MB of memory, ${before.memoryMb.toFixed(1)} MB before`;
}

async function assertScraped(target: HostileTarget): Promise<void> {
  const { path = '/metrics', scrapeMs = 100 } = target;
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES && best >= scrapeMs; attempt++) {
    const connection = await HostileConnection.open(target);
    const began = performance.now();
    connection.send(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const { statuses } = await connection.answer();
    if (statuses[0] !== 200)
      throw new Error(`A normal scrape must be answered with 200, got ${statuses[0] ?? 'no response'}.`);
    best = Math.min(best, performance.now() - began);
  }
  if (best >= scrapeMs)
    throw new Error(`A normal scrape must take less than ${scrapeMs} ms, took ${Math.round(best)} ms.`);
}
