import type { Console } from '../command/command-io.ts';

const ESCAPE = '\u001b[';
const ENTER = `${ESCAPE}?1049h${ESCAPE}?25l`;
const LEAVE = `${ESCAPE}?25h${ESCAPE}?1049l`;
const HOME = `${ESCAPE}H`;
const CLEAR_LINE = `${ESCAPE}K`;
const CLEAR_BELOW = `${ESCAPE}J`;

/** Where refreshes are shown: in place on a terminal, one below the other elsewhere. */
export interface Screen {
  show(lines: readonly string[]): Promise<void>;
  /** Gives the terminal back as it was, with the last refresh on it. */
  close(): Promise<void>;
}

export function openScreen(console: Console): Screen {
  return console.isTerminal ? new TerminalScreen(console) : plainScreen(console);
}

/** Draws on the alternate screen, so that what was on the terminal is there again afterwards. */
class TerminalScreen implements Screen {
  readonly #console: Console;
  #isOpen = false;
  #last: readonly string[] = [];

  constructor(console: Console) {
    this.#console = console;
  }

  async show(lines: readonly string[]): Promise<void> {
    this.#last = lines;
    const begin = this.#isOpen ? '' : ENTER;
    this.#isOpen = true;
    // Line by line over what stands there: a screen that is cleared first flickers.
    const text = lines.map((line) => line + CLEAR_LINE).join('\r\n');
    await this.#console.write(begin + HOME + text + CLEAR_BELOW);
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#console.write(`${LEAVE}${this.#last.join('\n')}\n`);
  }
}

function plainScreen(console: Console): Screen {
  let gap = '';
  return {
    show: async (lines) => {
      await console.write(`${gap}${lines.join('\n')}\n`);
      gap = '\n';
    },
    close: async () => {},
  };
}
