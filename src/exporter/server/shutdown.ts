import type { Server, ServerResponse } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { onceClosed } from '../../http/response/response-close.ts';
import { LONGEST_DELAY_MS } from '../../model/duration.ts';
import { builtinModule } from '../../model/missing-api.ts';

/** Shuts a server down gracefully. */
export class Shutdown {
  readonly #server: Server;
  readonly #open = new Set<ServerResponse>();
  #drained: () => void = () => {};
  #ending = false;

  constructor(server: Server) {
    this.#server = server;
    server.prependListener('request', (_, response) => this.#track(response));
  }

  /** Accepts no more connections, waits up to `timeoutMs` for the responses in flight, and closes all connections. */
  async end(timeoutMs: number): Promise<void> {
    this.#ending = true;
    // close() of http destroys connections whose response is written but not yet read; close() of net does not.
    // The servers of Bun do not have the internals that close() of net uses.
    const net = '_emitCloseIfDrained' in this.#server ? builtinModule('node:net') : undefined;
    const { close }: NetServer = net?.Server.prototype ?? this.#server;
    const closed = new Promise((resolve) => close.call(this.#server, resolve));
    await this.#idle(timeoutMs);
    // Idle connections, and after the timeout those whose response is not read yet.
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
      const timer = setTimeout(resolve, Math.min(timeoutMs, LONGEST_DELAY_MS));
      this.#drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
