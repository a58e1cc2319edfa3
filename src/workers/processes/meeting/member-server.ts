import { createServer, type Server, type Socket } from 'node:net';
import { Field } from '../../../exposition/snapshot/snapshot-field.ts';
import type { Question } from './ask-member.ts';

/** Maximum length of a question. */
const MAX_LENGTH = 1000;
/** A connection without activity is closed after this time. */
const IDLE_MS = 60_000;

/** Answers the questions of other processes on a Unix socket. */
export class MemberServer {
  readonly #server: Server;
  readonly #answer: (question: Question) => Promise<readonly Buffer[]>;
  readonly #sockets = new Set<Socket>();

  constructor(answer: (question: Question) => Promise<readonly Buffer[]>) {
    this.#answer = answer;
    this.#server = createServer((socket) => this.#serve(socket));
    this.#server.unref();
  }

  /** Starts to listen. */
  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      // The primary process of a cluster must not listen instead of this one.
      this.#server.listen({ path, exclusive: true }, () => {
        this.#server.off('error', reject);
        this.#server.on('error', () => {});
        resolve();
      });
    });
  }

  /** Stops listening, and closes all connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.unref();
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {}); // Another process has gone.
    let text = '';
    let replied: Promise<void> = Promise.resolve();
    socket.on('data', (piece: Buffer) => {
      const lines = (text + piece.toString('latin1')).split('\n');
      text = lines.pop() ?? '';
      if (text.length + lines.length > MAX_LENGTH) socket.destroy();
      for (const line of lines) replied = replied.then(() => this.#reply(socket, line));
    });
  }

  async #reply(socket: Socket, text: string): Promise<void> {
    try {
      const question = new Field('question', JSON.parse(text));
      const since = question.get('since').number();
      const timeoutMs = question.get('timeoutMs').number();
      const answer = await this.#answer({ since, timeoutMs });
      socket.cork();
      for (const bytes of answer) socket.write(bytes);
      socket.uncork();
    } catch {
      socket.destroy();
    }
  }
}
