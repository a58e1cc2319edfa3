import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { type Paint, paintFor } from './colors.ts';

/** 128 and the number of SIGPIPE: what the shell shows for a program that wrote to nobody. */
const BROKEN_PIPE = 141;

/** What a command reads from and writes to. */
export interface Console {
  readonly stdin: Readable;
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly rows: number;
  /** Colours, where they can be seen. */
  readonly paint: Paint;
  /** Resolves when more may be written: what is read is never far ahead of what is written. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** One line to stderr, after `zeroprom NAME: `. */
  complain(message: string): void;
}

/** The console of this process for a command. The process ends quietly when nobody reads its output any more. */
export function processConsole(commandName: string): Console {
  const { stdin, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on('error', onOutputError);
  return {
    stdin,
    get isTerminal() {
      return stdout.isTTY === true;
    },
    get columns() {
      return stdout.columns || 80; // 0 in a terminal that has not been told its size.
    },
    get rows() {
      return stdout.rows || 24;
    },
    paint: paintFor(stdout.isTTY === true, process.env),
    write: (chunk) => writeTo(stdout, chunk),
    complain: (message) => {
      stderr.write(`zeroprom${commandName === '' ? '' : ` ${commandName}`}: ${message}\n`);
    },
  };
}

async function writeTo(stream: WriteStream, chunk: string | Uint8Array): Promise<void> {
  if (!stream.write(chunk)) await once(stream, 'drain');
}

function onOutputError(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? BROKEN_PIPE : 1);
}
