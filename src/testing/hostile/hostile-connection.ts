import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { ProcessUsage } from './process-usage.ts';

/** The server under test, which exposes metrics. */
export interface HostileTarget {
  /** Host name or IP address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /**
   * Path of the metrics.
   *
   * @defaultValue `'/metrics'`
   */
  readonly path?: string;
  /**
   * TLS options of the connections.
   *
   * @defaultValue connections are made without TLS
   */
  readonly tls?: ConnectionOptions;
  /**
   * Time after which the server must have closed a slow connection, in milliseconds.
   *
   * @defaultValue `20_000`
   */
  readonly patienceMs?: number;
  /**
   * Time that a normal scrape may take after each case, in milliseconds.
   *
   * @defaultValue `100`
   */
  readonly scrapeMs?: number;
  /**
   * Returns the current usage of the server's process: `processUsage` if the server runs in this process.
   *
   * @defaultValue the usage is not checked
   */
  readonly usage?: () => ProcessUsage | Promise<ProcessUsage>;
  /**
   * Usage before the first case, which each case must return to.
   *
   * @defaultValue the usage is not checked
   */
  readonly baseline?: ProcessUsage;
}

/** Everything received until the server closed the connection or the time was up. */
export interface Answer {
  /** Status codes of all responses, including informational ones. */
  readonly statuses: readonly number[];
  readonly text: string;
  readonly isClosed: boolean;
}

const PATIENCE_MS = 20_000;

/** A connection that can send arbitrary bytes. */
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
    // A socket closes only if its data is read. A reset is a valid answer.
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

  /** Resolves when the connection has closed or the time is up. */
  async answer(): Promise<Answer> {
    const isClosed = await this.#within(this.#closed);
    return this.#end(isClosed === true);
  }

  /** Resolves when this many responses have started, the connection has closed or the time is up. */
  async responses(count: number): Promise<Answer> {
    const arrived = new Promise<void>((resolve) => {
      this.#onText = () => {
        if (statusesOf(this.#text).length >= count) resolve();
      };
      this.#onText();
    });
    await this.#within(Promise.race([arrived, this.#closed]));
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

/** Finds status lines. A line of a body counts only if it looks exactly like one. */
function statusesOf(text: string): number[] {
  return [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
}
