import { createConnection, type Socket } from 'node:net';
import { isSnapshot, snapshotLength } from '../snapshot/snapshot-bytes.ts';
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

interface Waiting {
  readonly resolve: (answer: Buffer | undefined) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A connection to a member, which is kept for the next question. A process that has ended refuses connections, while one
 * that is blocked or stopped accepts them and does not answer.
 */
export class MemberConnection {
  readonly #path: string;
  #socket: Socket | undefined = undefined;
  #waiting: Waiting | undefined = undefined;
  #pieces: Buffer[] = [];
  #length = 0;

  /** `path` is that of the member's socket. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Returns the answer of the member, or undefined if it has ended. Ask again only when the answer has arrived. Until then,
   * the question keeps this process alive, unless `unref()` is called.
   */
  async ask(question: Question): Promise<Buffer | undefined> {
    const known = this.#socket;
    if (known !== undefined) {
      known.ref();
      const answer = await this.#send(known, question);
      if (answer === undefined || answer.length > 0) return answer;
      // The member has closed the connection meanwhile, or it has ended.
    }
    return this.#send(this.#connect(), question);
  }

  /** Waiting for the answer does not keep this process alive from now on. */
  unref(): void {
    this.#socket?.unref();
  }

  /** Closes the connection. */
  close(): void {
    this.#socket?.destroy();
  }

  #send(socket: Socket, question: Question): Promise<Buffer | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      socket.write(`${JSON.stringify(question)}\n`);
    });
  }

  #connect(): Socket {
    const socket = createConnection(this.#path);
    this.#socket = socket;
    this.#pieces = [];
    this.#length = 0;
    socket.on('data', (piece: Buffer) => this.#receive(piece));
    socket.on('error', (error) => {
      if (hasCode(error, 'ECONNREFUSED', 'ENOENT')) this.#answer(undefined);
      else if (!hasCode(error, 'EPIPE', 'ECONNRESET')) this.#fail(error);
    });
    socket.on('close', () => {
      this.#socket = undefined;
      this.#answer(Buffer.concat(this.#pieces));
    });
    return socket;
  }

  #receive(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    let [bytes = piece] = this.#pieces;
    if (snapshotLength(bytes) === undefined) {
      bytes = Buffer.concat(this.#pieces);
      this.#pieces = [bytes];
    }
    const expected = snapshotLength(bytes);
    if (expected === undefined) return;
    if (!isSnapshot(bytes) || expected > MAX_BYTES) this.#socket?.destroy();
    else if (this.#length >= expected) this.#complete();
  }

  #complete(): void {
    const answer = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    this.#socket?.unref();
    this.#answer(answer);
  }

  #answer(answer: Buffer | undefined): void {
    this.#waiting?.resolve(answer);
    this.#waiting = undefined;
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
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
