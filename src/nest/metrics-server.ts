import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

/** Serves scrapes on a port of their own, from the start of a Nest application to its end. */
export class MetricsServer {
  readonly #server: Server;
  readonly #port: number;
  readonly #host: string | undefined;

  constructor(scrape: RequestListener, path: string, port: number, host: string | undefined) {
    this.#port = port;
    this.#host = host;
    this.#server = createServer((request, response) => {
      if (request.url?.split('?')[0] === path) return void scrape(request, response);
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found.\n');
    });
  }

  /** Resolves once it listens. */
  async listen(): Promise<void> {
    this.#server.listen(this.#port, this.#host);
    await once(this.#server, 'listening');
  }

  /** Resolves once scrapes in flight have been answered. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    await closed;
  }
}
