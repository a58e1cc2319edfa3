import type { ServerResponse } from 'node:http';
import { cutOff, onceClosed } from './closed.ts';

export interface WriteLimits {
  /** How long a client may read nothing. */
  readonly idleMs: number;
  /** How long it may take for all of it. */
  readonly totalMs: number;
}

/** For answers of a few hundred bytes. */
export const SHORT_ANSWER: WriteLimits = { idleMs: 30_000, totalMs: 30_000 };

/**
 * Cuts the connection of a client that does not read its response, or reads it a few bytes at a time. Call it when the
 * writing begins; Node itself would wait for ever.
 */
export function limitWriting(response: ServerResponse, { idleMs, totalMs }: WriteLimits): void {
  const cut = () => cutOff(response);
  const total = setTimeout(cut, totalMs);
  total.unref();
  response.setTimeout(idleMs, cut);
  onceClosed(response, () => clearTimeout(total));
}
