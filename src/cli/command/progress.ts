import type { Writable } from 'node:stream';

const FIRST_AFTER_MS = 1000;
const EVERY_MS = 100;
const START_OF_LINE = '\r';
const CLEAR_LINE = '\u001b[K';

/** A terminal, or its part that a {@link Progress} uses. */
export type Terminal = Pick<Writable, 'write'> & { readonly columns?: number };

/**
 * One line on a terminal that shows what a long operation is doing. It appears after a second, and disappears before
 * anything else is written.
 */
export class Progress {
  readonly #terminal: Terminal | undefined;
  #next = performance.now() + FIRST_AFTER_MS;
  #phase = '';
  #isShown = false;

  /** Creates a line on a terminal; without one, nothing is shown. */
  constructor(terminal: Terminal | undefined) {
    this.#terminal = terminal;
  }

  /** Shows the phase with its detail, at most ten times a second within a phase. */
  report(phase: string, detail: () => string = () => ''): void {
    const now = performance.now();
    const isNew = this.#isShown && phase !== this.#phase;
    this.#phase = phase;
    if (this.#terminal === undefined || (now < this.#next && !isNew)) return;
    this.#next = now + EVERY_MS;
    this.#isShown = true;
    const text = `${phase} ${detail()}`.trimEnd();
    const width = (this.#terminal.columns || 80) - 1;
    this.#terminal.write(START_OF_LINE + [...text].slice(0, width).join('') + CLEAR_LINE);
  }

  /** Removes the line. */
  clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#terminal?.write(START_OF_LINE + CLEAR_LINE);
  }
}
