import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { type Paint, paintFor } from './colors.ts';
import { Progress } from './progress.ts';

/** 128 plus the number of SIGPIPE: what a shell reports for a program whose reader has exited. */
const BROKEN_PIPE = 141;

/** Signals that end a command that runs until then, and its exit codes: 128 plus the number of the signal. */
export const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Standard streams of a command. */
export interface CommandIo {
  readonly stdin: Readable & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  /** Writes to standard output. Resolves once more may be written, so that a slow reader limits what is buffered. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Shows what a long operation is doing, if standard error is a terminal. */
  progress(phase: string, detail?: () => string): void;
  /** Writes one line to standard error, prefixed with `zeroprom NAME: `. */
  complain(message: string): void;
}

/** Returns the streams of this process for a command. The process exits silently once the reader of its output has exited. */
export function processIo(commandName: string): CommandIo {
  const { stdin, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? BROKEN_PIPE : 1));
  }
  const progress = new Progress(stderr.isTTY ? stderr : undefined);
  return {
    stdin,
    get isTerminal() {
      return stdout.isTTY === true;
    },
    get columns() {
      return stdout.columns || 80; // 0 if the terminal does not know its size.
    },
    get rows() {
      return stdout.rows || 24;
    },
    paint: paintFor(stdout.isTTY === true, process.env),
    write: async (chunk) => {
      progress.clear();
      if (!stdout.write(chunk)) await once(stdout, 'drain');
    },
    progress: (phase, detail) => progress.report(phase, detail),
    complain: (message) => {
      progress.clear();
      stderr.write(`zeroprom${commandName === '' ? '' : ` ${commandName}`}: ${message}\n`);
    },
  };
}
