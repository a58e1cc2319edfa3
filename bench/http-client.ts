/**
 * Scrapes a server as fast as it answers, in a separate process: `PORT CONNECTIONS MILLISECONDS gzip|identity`. Prints
 * the response times in milliseconds as JSON. It parses only what it needs, to leave the CPU to the server.
 */
import { connect } from 'node:net';

const [port, connections, milliseconds, encoding] = process.argv.slice(2);
const request = `GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: ${encoding}\r\n\r\n`;
const CHUNKED_END = Buffer.from('\r\n0\r\n\r\n');
const until = performance.now() + Number(milliseconds);
const times: number[] = [];

function scrapeUntilTheEnd(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    let began = 0;
    let rest = new Answer();
    const ask = () => {
      began = performance.now();
      rest = new Answer();
      socket.write(request);
    };
    socket.on('connect', ask);
    socket.on('data', (bytes: Buffer) => {
      if (!rest.isWholeWith(bytes)) return;
      times.push(performance.now() - began);
      if (performance.now() < until) ask();
      else socket.end();
    });
    socket.on('close', resolve);
    socket.on('error', reject);
  });
}

/** Detects the end of a response by its length or its last chunk. */
class Answer {
  #left: number | undefined;
  #hasHead = false;
  #tail = Buffer.alloc(0);

  isWholeWith(bytes: Buffer): boolean {
    if (!this.#hasHead) this.#readHead(bytes);
    else if (this.#left !== undefined) this.#left -= bytes.length;
    return this.#left === undefined ? this.#endsWith(bytes) : this.#left <= 0;
  }

  /** The last chunk may arrive in pieces. */
  #endsWith(bytes: Buffer): boolean {
    const end = bytes.subarray(-CHUNKED_END.length);
    this.#tail = Buffer.concat([this.#tail, end]).subarray(-CHUNKED_END.length);
    return this.#tail.equals(CHUNKED_END);
  }

  /** Reads the head, which servers send in one piece. */
  #readHead(bytes: Buffer): void {
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) throw new Error('The first piece of a response must contain its head.');
    const head = bytes.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(head);
    const [, length] = /^content-length: (\d+)$/im.exec(head) ?? [];
    this.#left = length === undefined ? undefined : Number(length) - (bytes.length - end - 4);
    this.#hasHead = true;
  }
}

await Promise.all(Array.from({ length: Number(connections) }, scrapeUntilTheEnd));
process.stdout.write(JSON.stringify(times));
