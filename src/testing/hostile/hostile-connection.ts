import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { ProcessUsage } from './process-usage.ts';

/** A server that is to be tried: one that serves metrics. */
export interface HostileTarget {
  readonly host: string;
  readonly port: number;
  /** Where metrics are; `/metrics` by default. */
  readonly path?: string;
  /** For servers that speak TLS. */
  readonly tls?: ConnectionOptions;
  /** How long the server may bear a client that is slow, in milliseconds; 20,000 by default. */
  readonly patienceMs?: number;
  /** How long a normal scrape may take after each case, in milliseconds; 100 by default. */
  readonly scrapeMs?: number;
  /** What the server's process uses now, as `processUsage()` tells of this one; nothing is asked by default. */
  readonly usage?: () => ProcessUsage | Promise<ProcessUsage>;
  /** What it used before the first case: after each it has to be back there. */
  readonly baseline?: ProcessUsage;
}

/** What came back until the server closed the connection, or was given up. */
export interface Answer {
  /** Of all responses, informational ones too. */
  readonly statuses: readonly number[];
  readonly text: string;
  readonly isClosed: boolean;
}

const PATIENCE_MS = 20_000;

/** A connection on which any bytes can be sent. */
export class HostileConnection {
  readonly socket: Socket;
  readonly #patienceMs: number;
  readonly #closed: Promise<true>;
  #text = '';
  #onText: () => void = () => {};

  private constructor(socket: Socket, patienceMs: number) {
    this.socket = socket;
    this.#patienceMs = patienceMs;
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve(true)));
    // Without a listener for data a socket never closes; a reset is an answer too.
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        this.#text += chunk.toString('latin1');
        this.#onText();
      });
  }

  static async open(target: HostileTarget): Promise<HostileConnection> {
    const { host, port, tls, patienceMs = PATIENCE_MS } = target;
    const [{ connect }, { connect: connectTls }] = await Promise.all([import('node:net'), import('node:tls')]);
    const socket = tls === undefined ? connect(port, host) : connectTls({ ...tls, host, port });
    const connection = new HostileConnection(socket, patienceMs);
    await new Promise((resolve, reject) => {
      socket.once(tls === undefined ? 'connect' : 'secureConnect', () => resolve(undefined)).once('error', reject);
    });
    return connection;
  }

  send(bytes: string | Uint8Array): void {
    if (this.socket.writable) this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** When the connection has closed, or the patience has ended. */
  async answer(): Promise<Answer> {
    const isClosed = await this.#within(this.#closed);
    return this.#end(isClosed === true);
  }

  /** When that many responses have begun, or the connection has closed. */
  async responses(count: number): Promise<Answer> {
    const come = new Promise<void>((resolve) => {
      this.#onText = () => {
        if (statusesOf(this.#text).length >= count) resolve();
      };
      this.#onText();
    });
    await this.#within(Promise.race([come, this.#closed]));
    return this.#end(this.socket.destroyed);
  }

  #end(isClosed: boolean): Answer {
    this.socket.destroy();
    return { statuses: statusesOf(this.#text), text: this.#text, isClosed };
  }

  async #within<T>(promise: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.#patienceMs);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A status line begins a line; what a body holds is not taken for one unless it looks just so. */
function statusesOf(text: string): number[] {
  return [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
}
