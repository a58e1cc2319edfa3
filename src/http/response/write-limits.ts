import type { ServerResponse } from 'node:http';
import { LONGEST_DELAY_MS } from '../../model/duration.ts';
import { dropConnection, onceClosed } from './response-close.ts';

/** How long a client may take to read a response before its connection is closed. */
export interface WriteLimits {
  /**
   * How long the client may read nothing, in milliseconds.
   *
   * @defaultValue `30_000`
   */
  readonly idleMs: number;
  /**
   * How long the client may take to read all of the response, in milliseconds.
   *
   * @defaultValue twice the time limit of the collectors, at least `30_000`
   */
  readonly totalMs: number;
}

/** Limits for answers of a few hundred bytes. */
export const SHORT_ANSWER: WriteLimits = { idleMs: 30_000, totalMs: 30_000 };

/**
 * Closes the connection of a client that does not read its response, or reads it a few bytes at a time. Call it when
 * writing starts; Node.js itself would wait forever.
 */
export function limitWriting(response: ServerResponse, { idleMs, totalMs }: WriteLimits): void {
  const drop = () => dropConnection(response);
  const total = setTimeout(drop, Math.min(totalMs, LONGEST_DELAY_MS));
  total.unref();
  response.setTimeout(Math.min(idleMs, LONGEST_DELAY_MS), drop);
  onceClosed(response, () => clearTimeout(total));
}
