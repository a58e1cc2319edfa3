import { Agent, type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { parseDuration } from '../../model/duration.ts';
import { readThrown, thrownText } from '../../model/thrown.ts';
import { version } from '../../model/version.ts';
import { abortable, withTimeout } from './abortable.ts';
import { type ClientOptions, checkHeader, checkHeaders, checkUrl } from './client-options.ts';
import { checkTls, loadClientTls } from './client-tls.ts';
import { authorizationOf } from './credentials.ts';
import { hostOf, parseProxy, portOf, proxyOf } from './proxy.ts';
import { type PushResponse, readResponse } from './push-response.ts';
import { proxyAuthorization, TunnelAgent } from './tunnel-agent.ts';

/** A request to a receiver. */
export interface PushRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Percent-encoded path to append to that of the URL. It is sent as it is. */
  readonly path?: string | undefined;
  /** Headers of the protocol, with names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Idle connections are closed after this time. */
const IDLE_MS = 5 * 60_000;
/** How often a request is sent again because the receiver had closed the idle connection that it was sent on. */
const MOST_RESENDS = 3;
const NO_BODY = new Uint8Array(0);

/**
 * Sends requests to one receiver, on connections that are kept alive. Redirects are not followed: they are answers like
 * any other. Built on `node:http`, because `fetch` rewrites paths and changes the method of redirected requests.
 */
export class PushClient {
  /** URL without user and password, for messages. */
  readonly url: string;
  readonly #url: URL;
  readonly #proxy: URL | undefined;
  readonly #options: ClientOptions;
  readonly #timeoutMs: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #authorization: () => Promise<string | undefined>;
  readonly #agent: Agent;

  constructor(options: ClientOptions) {
    const { url, timeout = '10s', headers = {}, tls = {}, proxy } = options;
    this.#url = checkUrl(url);
    this.#options = options;
    this.#timeoutMs = parseDuration(timeout, { name: 'timeout' });
    this.#headers = checkHeaders(headers);
    this.#authorization = authorizationOf(this.#url, options);
    checkTls(tls);
    this.#proxy =
      typeof proxy === 'string' ? parseProxy(proxy, 'proxy') : proxy === false ? undefined : proxyOf(this.#url);
    this.#agent = this.#newAgent();
    const { protocol, host, pathname } = this.#url;
    this.url = `${protocol}//${host}${pathname}`;
  }

  /**
   * Sends a request. Resolves with the response, whatever its status, once its headers and as much of its body as fits
   * have arrived. Rejects if none arrives before the timeout, or if `signal` aborts.
   */
  async send(request: PushRequest): Promise<PushResponse> {
    const { signal: aborted, release } = withTimeout(this.#timeoutMs, request.signal);
    try {
      const options = await abortable(this.#requestOptions(request), aborted);
      return await this.#exchange({ ...options, signal: aborted }, request.body ?? NO_BODY);
    } catch (error) {
      request.signal?.throwIfAborted();
      const cause: unknown = aborted.aborted ? aborted.reason : error;
      throw new Error(`${request.method} ${this.url} failed: ${thrownText(cause)}`, { cause });
    } finally {
      release();
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

  async #requestOptions(request: PushRequest): Promise<RequestOptions> {
    const { method, path: appended = '', body = NO_BODY } = request;
    const { protocol, host, pathname, search } = this.#url;
    const path = (appended === '' ? pathname : pathname.replace(/\/$/, '') + appended) + search;
    const [authorization, tls] = await Promise.all([
      this.#authorization(),
      protocol === 'https:' ? loadClientTls(this.#options.tls ?? {}) : {},
    ]);
    const headers: Record<string, string> = {
      host,
      'user-agent': `zeroprom/${version}`,
      ...this.#headers,
      ...(authorization === undefined ? {} : { authorization }),
      ...request.headers,
      'content-length': String(body.length),
    };
    const signed = await this.#options.sign?.({ method, url: `${protocol}//${host}${path}`, headers, body });
    for (const [name, value] of Object.entries(signed ?? {})) {
      checkHeader(name, value);
      headers[name.toLowerCase()] = value;
    }
    return { method, ...this.#route(path, headers), ...tls, agent: this.#agent };
  }

  /** Returns where the request goes, and its first line and headers there. */
  #route(path: string, headers: Record<string, string>): RequestOptions {
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

  async #exchange(options: RequestOptions, body: Uint8Array): Promise<PushResponse> {
    for (let resends = 0; ; resends++) {
      const request = (options.protocol === 'https:' ? httpsRequest : httpRequest)(options);
      try {
        return await exchange(request, body);
      } catch (error) {
        if (!wasIdleClosed(request, error) || resends === MOST_RESENDS) throw error;
      }
    }
  }
}

function exchange(request: ClientRequest, body: Uint8Array): Promise<PushResponse> {
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

/** Whether the receiver closed a kept-alive connection while the request was being sent, which is not a failure. */
function wasIdleClosed(request: ClientRequest, error: unknown): boolean {
  return request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(readThrown(error).code ?? '');
}
