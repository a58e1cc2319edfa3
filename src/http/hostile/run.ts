import type { ConnectionOptions } from 'node:tls';
import { HostileConnection } from './connection.ts';

/** A server that is to be tried: one that serves metrics. */
export interface HostileTarget {
  readonly host: string;
  readonly port: number;
  /** Where metrics are; `/metrics` by default. */
  readonly path?: string;
  /** For servers that speak TLS. */
  readonly tls?: ConnectionOptions;
  /** How long the server may bear a client that is slow, in milliseconds; 20,000 by default. */
  readonly patienceMs?: number;
  /** How long a normal scrape may take after each case, in milliseconds; 100 by default. */
  readonly scrapeMs?: number;
}

/** Something that a hostile or broken client does. */
export interface HostileCase {
  readonly name: string;
  /** Whether it waits until the server loses patience. */
  readonly isSlow?: true;
  /** Does it; rejects with what the server did wrong. */
  readonly run: (target: HostileTarget) => Promise<void>;
}

const TRIES = 5;

/** Does what the case does, and then scrapes as usual. Rejects where the server did wrong, or is worse off for it. */
export async function runHostileCase(hostileCase: HostileCase, target: HostileTarget): Promise<void> {
  await hostileCase.run(target);
  await assertUnharmed(target);
}

/** Rejects unless one of a few normal scrapes is answered with 200 in time: one may meet a busy machine. */
export async function assertUnharmed(target: HostileTarget): Promise<void> {
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
