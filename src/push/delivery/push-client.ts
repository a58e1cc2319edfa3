import { parseDuration } from '../../model/duration.ts';
import { thrownText } from '../../model/thrown.ts';
import { version } from '../../model/version.ts';
import { abortable, withTimeout } from './abortable.ts';
import { type ClientOptions, checkHeader, checkHeaders, checkUrl } from './client-options.ts';
import { authorizationOf } from './credentials.ts';
import { HttpTransport } from './http-transport.ts';
import { MOST_RESPONSE_BYTES, type PushResponse } from './push-response.ts';
import type { SignableRequest, Transport } from './transport.ts';

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

const NO_BODY = new Uint8Array(0);

/** Sends requests to one receiver. Redirects are not followed: they are answers like any other. */
export class PushClient {
  /** URL without user and password, for messages. */
  readonly url: string;
  readonly #url: URL;
  readonly #sign: ClientOptions['sign'];
  readonly #timeoutMs: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #authorization: () => Promise<string | undefined>;
  readonly #transport: Transport;

  constructor(options: ClientOptions) {
    const { url, timeout = '10s', headers = {}, sign } = options;
    this.#url = checkUrl(url);
    this.#sign = sign;
    this.#timeoutMs = parseDuration(timeout, { name: 'timeout' });
    this.#headers = checkHeaders(headers);
    this.#authorization = authorizationOf(this.#url, options);
    this.#transport = transportOf(this.#url, options, this.#timeoutMs);
    const { protocol, host, pathname } = this.#url;
    this.url = `${protocol}//${host}${pathname}`;
  }

  /**
   * Sends a request. Resolves with the response, whatever its status, once its headers and as much of its body as fits
   * have arrived. Rejects if none arrives before the timeout, or if `signal` aborts.
   */
  async send(request: PushRequest): Promise<PushResponse> {
    const { signal, release } = withTimeout(this.#timeoutMs, request.signal);
    try {
      const complete = await abortable(this.#completed(request), signal);
      const { status, headers, body } = await this.#transport.send({ ...complete, signal });
      const bytes = body.subarray(0, MOST_RESPONSE_BYTES);
      return { status, headers, bytes, body: Buffer.from(bytes).toString() };
    } catch (error) {
      request.signal?.throwIfAborted();
      const cause: unknown = signal.aborted ? signal.reason : error;
      throw new Error(`${request.method} ${this.url} failed: ${thrownText(cause)}`, { cause });
    } finally {
      release();
    }
  }

  /** Closes all connections. Requests in flight fail. */
  close(): void {
    this.#transport.close?.();
  }

  async #completed(request: PushRequest): Promise<SignableRequest> {
    const { method, path: appended = '', body = NO_BODY } = request;
    const { protocol, host, pathname, search } = this.#url;
    const path = (appended === '' ? pathname : pathname.replace(/\/$/, '') + appended) + search;
    const url = `${protocol}//${host}${path}`;
    const authorization = await this.#authorization();
    const headers: Record<string, string> = {
      host,
      'user-agent': `zeroprom/${version}`,
      ...this.#headers,
      ...(authorization === undefined ? {} : { authorization }),
      ...request.headers,
      'content-length': String(body.length),
    };
    const signed = await this.#sign?.({ method, url, headers, body });
    for (const [name, value] of Object.entries(signed ?? {})) {
      checkHeader(name, value);
      headers[name.toLowerCase()] = value;
    }
    return { method, url, headers, body };
  }
}

function transportOf(url: URL, options: ClientOptions, timeoutMs: number): Transport {
  const { transport, tls, proxy } = options;
  if (transport === undefined) return new HttpTransport(url, options, timeoutMs);
  if (tls === undefined && (proxy === undefined || proxy === false)) return transport;
  throw new RangeError('tls and proxy must not be set together with transport; set them up in the transport.');
}
