import type { CommandIo } from '../command/command-io.ts';

const ESCAPE = '\u001b[';
const ENTER = `${ESCAPE}?1049h${ESCAPE}?25l`;
const LEAVE = `${ESCAPE}?25h${ESCAPE}?1049l`;
const HOME = `${ESCAPE}H`;
const CLEAR_LINE = `${ESCAPE}K`;
const CLEAR_BELOW = `${ESCAPE}J`;

/** Shows refreshes in place on a terminal, and one below the other elsewhere. */
export interface Screen {
  show(lines: readonly string[]): Promise<void>;
  /** Restores the terminal and leaves the last refresh on it. */
  close(): Promise<void>;
}

export function openScreen(io: CommandIo): Screen {
  return io.isTerminal ? new TerminalScreen(io) : plainScreen(io);
}

/** Draws on the alternate screen, so that the previous contents of the terminal can be restored. */
class TerminalScreen implements Screen {
  readonly #io: CommandIo;
  #isOpen = false;
  #last: readonly string[] = [];

  constructor(io: CommandIo) {
    this.#io = io;
  }

  async show(lines: readonly string[]): Promise<void> {
    this.#last = lines;
    const begin = this.#isOpen ? '' : ENTER;
    this.#isOpen = true;
    // Overwrites line by line, because clearing the screen first would flicker.
    const text = lines.map((line) => line + CLEAR_LINE).join('\r\n');
    await this.#io.write(begin + HOME + text + CLEAR_BELOW);
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#io.write(`${LEAVE}${this.#last.join('\n')}\n`);
  }
}

function plainScreen(io: CommandIo): Screen {
  let gap = '';
  return {
    show: async (lines) => {
      await io.write(`${gap}${lines.join('\n')}\n`);
      gap = '\n';
    },
    close: async () => {},
  };
}
