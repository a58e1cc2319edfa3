import { type ClientRequestArgs, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, type AgentOptions, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';
import { LONGEST_DELAY_MS } from '../../model/duration.ts';
import { basicOf } from './credentials.ts';
import { hostOf, portOf } from './proxy.ts';

type OnConnected = (error: Error | null, socket: Duplex) => void;

/** Connects to `https:` receivers through an HTTP proxy. */
export class TunnelAgent extends Agent {
  readonly #proxy: URL;
  readonly #timeoutMs: number;

  constructor(proxy: URL, timeoutMs: number, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
    this.#timeoutMs = timeoutMs;
  }

  override createConnection(options: ClientRequestArgs & ConnectionOptions, onConnected?: OnConnected): undefined {
    const host = String(options.host ?? 'localhost');
    this.#openTunnel(host, Number(options.port ?? 443)).then(
      (socket) => {
        const servername = options.servername || (isIP(host) === 0 ? host : '');
        onConnected?.(null, connect({ ...options, socket, servername, path: undefined } as ConnectionOptions));
      },
      // The agent ignores the socket if there is an error.
      (error: Error) => onConnected?.(error, undefined as unknown as Duplex),
    );
  }

  /** Asks the proxy for a connection to a host. Rejects if the proxy refuses or takes too long. */
  #openTunnel(host: string, port: number): Promise<Duplex> {
    const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
    const proxy = this.#proxy;
    return new Promise((resolve, reject) => {
      const request = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
        host: hostOf(proxy),
        port: portOf(proxy),
        method: 'CONNECT',
        path: target,
        headers: { Host: target, ...proxyAuthorization(proxy) },
        agent: false,
      });
      const expire = () => request.destroy(new Error('The proxy did not answer in time.'));
      const timer = setTimeout(expire, Math.min(this.#timeoutMs, LONGEST_DELAY_MS));
      request.once('close', () => clearTimeout(timer));
      request.once('error', reject);
      request.once('response', (response) => request.destroy(refusal(response)));
      request.once('connect', (response, socket, head) => {
        clearTimeout(timer);
        if (response.statusCode === 200 && head.length === 0) return resolve(socket);
        socket.destroy();
        reject(refusal(response));
      });
      request.end();
    });
  }
}

/** Returns the headers that authenticate at a proxy whose URL contains a user. */
export function proxyAuthorization(proxy: URL): Readonly<Record<string, string>> {
  return proxy.username === '' ? {} : { 'proxy-authorization': basicOf(proxy) };
}

function refusal({ statusCode }: IncomingMessage): Error {
  return new Error(`The proxy refused to connect to the receiver with status ${statusCode}.`);
}
