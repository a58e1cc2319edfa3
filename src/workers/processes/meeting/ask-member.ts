import { createConnection } from 'node:net';
import { hasCode } from './meeting-directory.ts';

/** A request for the snapshot of a member. */
export interface Question {
  /** Sequence number of the latest snapshot that the asker knows; 0 for none. */
  readonly since: number;
  /** How long the member may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Maximum length of an answer. */
const MAX_BYTES = 2 ** 28;

/** A question to a member that may be answered late. */
export interface PendingAnswer {
  /** The answer; undefined if the member has ended. Rejects if the connection fails. */
  readonly bytes: Promise<Buffer | undefined>;
  /** From now on, waiting for the answer does not keep this process alive. */
  unref(): void;
}

/**
 * Asks the member that listens on a socket for its snapshot. A process that has ended refuses the connection, while one
 * that is blocked or stopped accepts it and does not answer.
 */
export function askMember(socketPath: string, question: Question): PendingAnswer {
  const socket = createConnection(socketPath);
  const bytes = new Promise<Buffer | undefined>((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      length += piece.length;
      if (length > MAX_BYTES) socket.destroy(new Error(`An answer must have at most ${MAX_BYTES} bytes.`));
    });
    socket.on('close', () => resolve(Buffer.concat(pieces)));
    socket.on('error', (error) => {
      if (hasCode(error, 'ECONNREFUSED', 'ENOENT')) resolve(undefined);
      else reject(error);
    });
  });
  bytes.catch(() => {}); // Handled by those that still wait for it.
  socket.end(`${JSON.stringify(question)}\n`);
  return { bytes, unref: () => socket.unref() };
}

/** Whether a process listens on a socket, even if it is blocked or stopped. */
export function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    socket.on('connect', () => socket.destroy());
    socket.on('error', (error) => resolve(!hasCode(error, 'ECONNREFUSED', 'ENOENT')));
    socket.on('close', () => resolve(true));
  });
}
