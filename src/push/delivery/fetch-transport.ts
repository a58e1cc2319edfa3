import { MOST_RESPONSE_BYTES } from './push-response.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';

/** Options of {@link fetchTransport}. */
export interface FetchTransportOptions {
  /**
   * Function to send requests with.
   *
   * @defaultValue the global `fetch`
   */
  readonly fetch?: typeof fetch | undefined;
  /**
   * Called with a promise that settles when a request has ended, so that an edge runtime keeps the function alive until
   * then, such as `(promise) => context.waitUntil(promise)`.
   *
   * @defaultValue does nothing
   */
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/** Status of a redirect that a browser hides. */
const HIDDEN_REDIRECT = 302;

/**
 * Sends requests with `fetch`, for edge runtimes. Redirects are not followed. A URL whose path `fetch` would change is
 * refused, because a Pushgateway would take it for another group.
 *
 * @example
 * ```ts
 * import { fetchTransport, Pushgateway } from 'zeroprom/push';
 *
 * const gateway = new Pushgateway({
 *   url: 'http://localhost:9091',
 *   job: 'edge',
 *   transport: fetchTransport(),
 *   retry: { attempts: 0 },
 * });
 * await gateway.push().catch((error) => console.error(error.message));
 * ```
 */
export function fetchTransport({ fetch = globalThis.fetch, waitUntil }: FetchTransportOptions = {}): Transport {
  return {
    send(request) {
      const response = sendBy(fetch, request);
      waitUntil?.(response.catch(() => {}));
      return response;
    },
  };
}

async function sendBy(send: typeof fetch, request: TransportRequest): Promise<TransportResponse> {
  const { method, url, signal, body } = request;
  if (new URL(url).href !== url) throw new RangeError(`The path of ${url} must not be changed, as fetch would.`);
  // Set by fetch itself.
  const { host: _host, 'content-length': _length, ...headers } = request.headers;
  const response = await send(url, {
    method,
    headers,
    signal,
    redirect: 'manual',
    ...(body.length === 0 ? {} : { body: Uint8Array.from(body) }),
  });
  const isHidden = response.type === 'opaqueredirect' && response.status === 0;
  return {
    status: isHidden ? HIDDEN_REDIRECT : response.status,
    headers: Object.fromEntries(response.headers),
    body: await beginningOf(response),
  };
}

/** Reads a body up to a maximum length. Never rejects: the status counts, even if the body is cut or hangs. */
async function beginningOf({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MOST_RESPONSE_BYTES) break; // It cancels the rest.
    }
  } catch {
    // The rest is missing.
  }
  return Buffer.concat(chunks);
}
