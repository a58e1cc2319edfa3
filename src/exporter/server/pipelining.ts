import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { onceClosed } from '../../http/response/response-close.ts';

const MAX_UNANSWERED = 8;
const STEP_BYTES = 512;

/**
 * Stops reading from a connection while several of its requests are unanswered. Node.js parses everything that has
 * arrived, some two thousand requests at a time, and a request that waits for its response takes fifty times the memory
 * of its bytes.
 */
export function limitPipelining(server: Server): void {
  const connections = new WeakMap<Socket, PipelinedConnection>();
  const read = (socket: Socket) => {
    const [parse] = socket.listeners('data');
    if (parse === undefined) return; // The TCP connection below TLS.
    const connection = new PipelinedConnection(socket, (bytes) => void parse.call(socket, bytes));
    connections.set(socket, connection);
    socket.removeAllListeners('data').on('data', (bytes) => connection.read(bytes));
  };
  server.on('connection', read).on('secureConnection', read);
  server.prependListener('request', ({ socket }, response) => connections.get(socket)?.began(response));
}

class PipelinedConnection {
  readonly #socket: Socket;
  readonly #parse: (bytes: Buffer) => void;
  #unanswered = 0;
  #isHeld = false;

  constructor(socket: Socket, parse: (bytes: Buffer) => void) {
    this.#socket = socket;
    this.#parse = parse;
  }

  began(response: ServerResponse): void {
    this.#unanswered++;
    onceClosed(response, () => {
      this.#unanswered--;
      if (!this.#isHeld) return;
      this.#isHeld = false;
      this.#socket.resume();
    });
  }

  read(bytes: Buffer): void {
    const socket = this.#socket;
    for (let at = 0; at < bytes.length && socket.writable; at += STEP_BYTES) {
      if (this.#unanswered >= MAX_UNANSWERED && !socket.isPaused()) {
        this.#isHeld = true;
        socket.pause();
      }
      // Node.js pauses too, and resumes once enough is written.
      if (socket.isPaused()) return void socket.unshift(bytes.subarray(at));
      this.#parse(bytes.subarray(at, at + STEP_BYTES));
    }
  }
}
