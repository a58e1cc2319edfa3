import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  createServer as createHttp2Server,
} from 'node:http2';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { connect as connectTls } from 'node:tls';
import type { ConnectionEnd } from './connection-ends.ts';

const FIXTURES = join(import.meta.dirname, '../../../test/web-config/fixtures');

/** A server with the listener under test, and clients whose connections end as described by a row of the table. */
export class Arena {
  readonly server: Server;
  /** In order of arrival. */
  readonly responses: ServerResponse[] = [];
  readonly #end: ConnectionEnd;
  readonly #t: TestContext;
  #onArrival: () => void = () => {};

  private constructor(t: TestContext, end: ConnectionEnd, listener: RequestListener) {
    this.#t = t;
    this.#end = end;
    this.server = this.#create((request, response) => {
      this.responses.push(response);
      end.before?.(request, response);
      listener(request, response);
      end.after?.(request, response);
      this.#onArrival();
    });
  }

  static async start(t: TestContext, end: ConnectionEnd, listener: RequestListener): Promise<Arena> {
    const arena = new Arena(t, end, listener);
    end.prepare?.(arena.server);
    await once(arena.server.listen(0, '127.0.0.1'), 'listening');
    return arena;
  }

  /** Resolves when this many requests have reached the listener. */
  async arrived(count: number): Promise<void> {
    while (this.responses.length < count) {
      await new Promise<void>((resolve) => {
        this.#onArrival = resolve;
      });
    }
  }

  async connect(): Promise<Socket> {
    const isSecure = this.#end.protocol === 'https';
    const socket = isSecure
      ? connectTls({ port: this.#port, host: '127.0.0.1', rejectUnauthorized: false })
      : connect(this.#port, '127.0.0.1');
    socket.on('error', () => {});
    this.#t.after(() => socket.destroy());
    await once(socket, isSecure ? 'secureConnect' : 'connect');
    return socket;
  }

  async session(): Promise<ClientHttp2Session> {
    const session = connectHttp2(`http://127.0.0.1:${this.#port}`).on('error', () => {});
    this.#t.after(() => session.destroy());
    await once(session, 'connect');
    return session;
  }

  get #port(): number {
    // A server that listens on a port has such an address.
    return (this.server.address() as AddressInfo).port;
  }

  #create(listener: RequestListener): Server {
    const { protocol, options = {} } = this.#end;
    if (protocol === 'http2') return this.#createHttp2(listener);
    const key = () => readFileSync(join(FIXTURES, 'server.key'));
    const cert = () => readFileSync(join(FIXTURES, 'server.crt'));
    const server =
      protocol === 'http'
        ? createServer(options, listener)
        : createSecureServer({ ...options, key: key(), cert: cert() }, listener);
    this.#t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    return server;
  }

  /** HTTP/2 messages have all members of HTTP/1 messages that listeners use, but have separate types. */
  #createHttp2(listener: RequestListener): Server {
    const server = createHttp2Server(listener as unknown as Parameters<typeof createHttp2Server>[0]);
    server.on('sessionError', () => {});
    server.on('session', (session) => this.#t.after(() => session.destroy()));
    this.#t.after(() => server.close());
    return server as unknown as Server;
  }
}

/** Makes an HTTP/2 request whose errors are ignored. */
export function ask(session: ClientHttp2Session, path: string, headers = {}): ClientHttp2Stream {
  return session.request({ ':path': path, ...headers }).on('error', () => {});
}

/** Calls the listener after the connection of a request has closed, as slow middleware would. */
export function heldBack(listener: RequestListener): RequestListener {
  return (request, response) => {
    const { stream } = response as { readonly stream?: NodeJS.EventEmitter }; // Only HTTP/2 responses have a stream.
    (stream ?? request.socket).once('close', () => setImmediate(() => listener(request, response)));
  };
}
