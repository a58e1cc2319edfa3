import type { Console } from '../command/command-io.ts';
import { plural } from '../command/number-format.ts';

/** More are only counted: an input can have one in every few bytes. */
const MAX_SHOWN = 1000;

/** Says on standard error what a command leaves out. */
export class Omissions {
  readonly #console: Console;
  #count = 0;

  constructor(console: Console) {
    this.#console = console;
  }

  add(message: string): void {
    this.#count++;
    if (this.#count <= MAX_SHOWN) this.#console.complain(`left out: ${message}`);
  }

  /** After the last: whether there was any. */
  end(): boolean {
    const rest = this.#count - MAX_SHOWN;
    if (rest > 0) this.#console.complain(`left out: ${plural(rest, 'more is', 'more are')} not shown.`);
    return this.#count > 0;
  }
}
