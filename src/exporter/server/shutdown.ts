import type { Server, ServerResponse } from 'node:http';
import { onceClosed } from '../../http/response/closed.ts';

/** Ends a server without cutting a response short. */
export class Shutdown {
  readonly #server: Server;
  readonly #open = new Set<ServerResponse>();
  #drained: () => void = () => {};
  #ending = false;

  constructor(server: Server) {
    this.#server = server;
    server.prependListener('request', (_, response) => this.#track(response));
  }

  /**
   * Accepts no more connections, waits for the responses that are under way, at most `timeoutMs`, and closes what is
   * left.
   */
  async end(timeoutMs: number): Promise<void> {
    this.#ending = true;
    const { Server: NetServer } = process.getBuiltinModule('node:net');
    // http's own close() destroys connections whose response is written but not yet read; that of net only stops.
    const closed = new Promise((resolve) => NetServer.prototype.close.call(this.#server, resolve));
    await this.#idle(timeoutMs);
    // Idle ones, those that never sent a request, and after the deadline those that still read.
    this.#server.closeAllConnections();
    await closed;
  }

  #track(response: ServerResponse): void {
    this.#open.add(response);
    if (this.#ending) response.setHeader('Connection', 'close');
    onceClosed(response, () => {
      this.#open.delete(response);
      if (this.#open.size === 0) this.#drained();
    });
  }

  async #idle(timeoutMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
