import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface Scraping {
  readonly connections: number;
  readonly milliseconds: number;
  readonly encoding: 'gzip' | 'identity';
}

/** A server on its own port, scraped by clients in another process. */
export class ScrapedServer {
  readonly #server;

  constructor(listener: RequestListener) {
    this.#server = createServer(listener).listen(0, '127.0.0.1');
  }

  /** Returns the response times in milliseconds, sorted. Connections end after the response in flight. */
  async scrape({ connections, milliseconds, encoding }: Scraping): Promise<readonly number[]> {
    if (!this.#server.listening) await once(this.#server, 'listening');
    // A server that listens on a port has an address with a port.
    const { port } = this.#server.address() as AddressInfo;
    const args = [join(import.meta.dirname, 'http-client.ts'), port, connections, milliseconds, encoding].map(String);
    const client = spawn(process.execPath, [...process.execArgv, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const output = client.stdout.toArray();
    const [status] = await once(client, 'close');
    if (status !== 0) throw new Error(`The client ended with status ${status}.`);
    const times: number[] = JSON.parse(Buffer.concat(await output).toString());
    return times.sort((a, b) => a - b);
  }

  close(): void {
    this.#server.close();
  }
}
