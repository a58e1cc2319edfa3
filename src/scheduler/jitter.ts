/** The share of its interval by which a task is shifted: up to this much at random, or fixed by name and instance. */
export type Jitter = number | 'hash';

export interface PhaseSource {
  readonly random: () => number;
  /** What tells this process from others with the same tasks; the host's name by default. */
  readonly instance?: string | undefined;
}

/** A number in [0, 1), drawn once for a task. */
export function drawPhase(jitter: Jitter, taskName: string, { random, instance }: PhaseSource): number {
  if (jitter === 'hash') return hash(`${instance ?? hostName()}\n${taskName}`);
  return jitter === 0 ? 0 : jitter * random();
}

export function checkJitter(jitter: Jitter, taskName: string): void {
  if (jitter === 'hash' || (jitter >= 0 && jitter <= 1)) return;
  throw new RangeError(`The jitter of task ${taskName} must be a number from 0 to 1 or 'hash': ${String(jitter)}.`);
}

function hostName(): string {
  return process.getBuiltinModule('node:os').hostname(); // Not imported: few tasks need it.
}

/** FNV-1a, then mixed so that names which differ in their last character fall far apart. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
