import { Duplex } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';

/** The client of a request, as the other thread sees it. */
export interface Peer {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  /** Whether its connection uses TLS. */
  readonly encrypted: boolean;
}

/** A part of the data; null for its end; `taken` when the other end can take the next part. */
type StreamMessage = Uint8Array<ArrayBuffer> | null | 'taken';

/** Data that one thread may hold for the other one. */
const MAX_PART = 65_536;

/**
 * One end of a connection between two threads, on which HTTP can be spoken. At most one part of the data is on its way, so that
 * a slow reader slows the writer down.
 */
export class PortStream extends Duplex implements Peer {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly encrypted: boolean;
  readonly #port: MessagePort;
  #onTaken: () => void = () => {};
  /** Whether the other end waits until its last part has been read. */
  #isUnread = false;

  constructor(port: MessagePort, { remoteAddress, remotePort, encrypted }: Peer) {
    super();
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.encrypted = encrypted;
    this.#port = port;
    port.on('message', (message: StreamMessage) => this.#receive(message));
    port.on('close', () => this.destroy());
  }

  /** For the timeouts of `node:http`. The end that has the connection of the client limits its time. */
  setTimeout(): this {
    return this;
  }

  override _write(part: Uint8Array, _: string, callback: () => void): void {
    this.#onTaken = part.length > MAX_PART ? () => this._write(part.subarray(MAX_PART), _, callback) : callback;
    this.#send(new Uint8Array(part.subarray(0, MAX_PART))); // A copy: a message has all memory behind an array.
  }

  override _final(callback: () => void): void {
    this.#send(null);
    callback();
  }

  override _read(): void {
    if (this.#isUnread) this.#send('taken');
    this.#isUnread = false;
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#port.close();
    callback(error);
  }

  #receive(message: StreamMessage): void {
    if (message === 'taken') this.#onTaken();
    else {
      this.#isUnread = message !== null;
      this.push(message);
    }
  }

  #send(message: StreamMessage): void {
    this.#port.postMessage(message, message instanceof Uint8Array ? [message.buffer] : []);
  }
}
