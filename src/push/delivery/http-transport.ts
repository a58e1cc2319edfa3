import {
  Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { readThrown } from '../../model/thrown.ts';
import { abortable } from './abortable.ts';
import type { ClientOptions } from './client-options.ts';
import { hostOf, parseProxy, portOf, proxyOf } from './proxy.ts';
import { MOST_RESPONSE_BYTES } from './push-response.ts';
import { checkTls, loadClientTls } from './tls-config.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';
import { proxyAuthorization, TunnelAgent } from './tunnel-agent.ts';

/** Idle connections are closed after this time. */
const IDLE_MS = 5 * 60_000;
/** How often a request is sent again because the receiver had closed the idle connection that it was sent on. */
const MOST_RESENDS = 3;

/**
 * Sends requests to one receiver, on connections that are kept alive. Built on `node:http`, because `fetch` rewrites paths.
 */
export class HttpTransport implements Transport {
  readonly #url: URL;
  readonly #tls: NonNullable<ClientOptions['tls']>;
  readonly #proxy: URL | undefined;
  readonly #timeoutMs: number;
  readonly #agent: Agent;

  constructor(url: URL, { tls = {}, proxy }: Pick<ClientOptions, 'tls' | 'proxy'>, timeoutMs: number) {
    checkTls(tls);
    this.#url = url;
    this.#tls = tls;
    this.#proxy = typeof proxy === 'string' ? parseProxy(proxy, 'proxy') : proxy === false ? undefined : proxyOf(url);
    this.#timeoutMs = timeoutMs;
    this.#agent = this.#newAgent();
  }

  async send({ method, url, headers, body, signal }: TransportRequest): Promise<TransportResponse> {
    const { protocol, host } = this.#url;
    const tls = protocol === 'https:' ? await abortable(loadClientTls(this.#tls), signal) : {};
    const path = url.slice(`${protocol}//${host}`.length);
    const options = { method, ...this.#route(path, headers), ...tls, agent: this.#agent, signal };
    for (let resends = 0; ; resends++) {
      const request = (options.protocol === 'https:' ? httpsRequest : httpRequest)(options);
      try {
        return await exchange(request, body);
      } catch (error) {
        if (!wasIdleClosed(request, error) || resends === MOST_RESENDS) throw error;
      }
    }
  }

  /** Closes all connections. Requests in flight fail. */
  close(): void {
    this.#agent.destroy();
  }

  #newAgent(): Agent {
    const options = { keepAlive: true, timeout: IDLE_MS };
    if (this.#url.protocol === 'http:')
      return this.#proxy?.protocol === 'https:' ? new HttpsAgent(options) : new Agent(options);
    return this.#proxy === undefined ? new HttpsAgent(options) : new TunnelAgent(this.#proxy, this.#timeoutMs, options);
  }

  /** Returns where the request goes, and its first line and headers there. */
  #route(path: string, headers: Readonly<Record<string, string>>): RequestOptions {
    const [url, proxy] = [this.#url, this.#proxy];
    if (proxy === undefined || url.protocol === 'https:') {
      return { protocol: url.protocol, host: hostOf(url), port: portOf(url), path, headers };
    }
    return {
      protocol: proxy.protocol,
      host: hostOf(proxy),
      port: portOf(proxy),
      path: `http://${url.host}${path}`,
      headers: { ...headers, ...proxyAuthorization(proxy) },
    };
  }
}

function exchange(request: ClientRequest, body: Uint8Array): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    let hasStatus = false;
    request.on('error', (error) => {
      if (!hasStatus) reject(error);
    });
    request.on('response', async (message) => {
      hasStatus = true;
      const response = await readResponse(message);
      // The receiver answered early, as with status 413: the rest of the body must not keep the connection busy.
      if (!request.writableFinished) request.destroy();
      resolve(response);
    });
    request.end(body);
  });
}

/** Reads a response up to a maximum length. Never rejects: its status counts, even if the body is cut or hangs. */
function readResponse(message: IncomingMessage): Promise<TransportResponse> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    message.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MOST_RESPONSE_BYTES) message.destroy();
    });
    message.on('error', () => {}); // Followed by `close`.
    message.on('close', () => {
      const { statusCode: status = 0 } = message;
      const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)]);
      resolve({ status, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) });
    });
  });
}

/** Whether the receiver closed a kept-alive connection while the request was being sent, which is not a failure. */
function wasIdleClosed(request: ClientRequest, error: unknown): boolean {
  return request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(readThrown(error).code ?? '');
}
