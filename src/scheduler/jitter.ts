import { builtinModule, ifAvailable } from '../model/missing-api.ts';

/**
 * Spreads the due times of tasks with the same interval. A number from 0 to 1 draws an offset of up to that fraction of the
 * interval at random; `'hash'` derives it from the name of the task and the instance, so that it survives restarts.
 */
export type Jitter = number | 'hash';

export interface JitterSource {
  readonly random: () => number;
  /** Distinguishes this process from others with the same tasks; the host name by default. */
  readonly instance?: string | undefined;
}

/** Draws the offset of a task's due times, as a fraction of its interval, in [0, 1). */
export function drawOffset(jitter: Jitter, taskName: string, { random, instance }: JitterSource): number {
  if (jitter === 'hash') {
    return hash(`${instance ?? hostName()}\n${taskName}`);
  }
  return jitter === 0 ? 0 : jitter * random();
}

let host: string | undefined;

/** Asks the operating system only once, because that takes longer than adding a task. Not imported: few tasks need it. */
function hostName(): string {
  host ??= ifAvailable('os.hostname()', () => builtinModule('node:os')?.hostname()) ?? '';
  return host;
}

export function checkJitter(jitter: Jitter, taskName: string): void {
  if (jitter === 'hash' || (jitter >= 0 && jitter <= 1)) return;
  throw new RangeError(`The jitter of task ${taskName} must be a number from 0 to 1 or 'hash', got ${String(jitter)}.`);
}

/** FNV-1a followed by a mixing step, so that names that differ only in their last character get distant hashes. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
