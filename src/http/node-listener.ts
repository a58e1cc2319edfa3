import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { kindOf } from '../model/printable.ts';
import { rejectAmbiguous } from './ambiguous-requests.ts';
import { onceClosed } from './response/response-close.ts';

/** A request of `node:http` or `node:http2`, or the request of Fastify around one. */
export type NodeRequest = IncomingMessage | Http2ServerRequest | RawRequest;

interface RawRequest {
  /** The request of `node:http` or `node:http2`. */
  readonly raw: IncomingMessage | Http2ServerRequest;
}

/** A response of `node:http` or `node:http2`, or the reply of Fastify around one. */
export type NodeResponse = ServerResponse | Http2ServerResponse | RawResponse;

interface RawResponse {
  /** The response of `node:http` or `node:http2`. */
  readonly raw: ServerResponse | Http2ServerResponse;
  /** Tells Fastify that the handler sends the response. */
  hijack?(): unknown;
}

/**
 * Answers requests of `node:http` and `node:http2` servers and of frameworks built on them. The promise resolves once the response has
 * been sent or its connection has closed, and never rejects.
 */
export type NodeListener = (request: NodeRequest, response: NodeResponse) => Promise<void>;

/**
 * Makes a listener accept the requests and responses of frameworks, wait for the end of the response, and reject
 * ambiguous requests. It throws a TypeError for anything else than requests and responses.
 */
export function nodeListener(listener: RequestListener): NodeListener {
  const answer = rejectAmbiguous(listener);
  const node: NodeListener = (request, response) => {
    const [message, reply] = [unwrapped(request), unwrapped(response)];
    if (!isRequest(message)) throw wrongObject('a request', request);
    if (!isResponse(reply)) throw wrongObject('a response', response);
    // Otherwise, Fastify sends a response of its own once the handler has returned.
    if ('hijack' in response && typeof response.hijack === 'function') response.hijack();
    const settled = settlement(reply);
    answer(message, reply);
    return settled;
  };
  wrapped.set(node, listener);
  return node;
}

/** The listeners that `nodeListener()` was called with. */
const wrapped = new WeakMap<RequestListener, RequestListener>();

/** Returns the listener inside a {@link NodeListener}, so that another one around it does the same work only once. */
export function innerListener(listener: RequestListener): RequestListener {
  return wrapped.get(listener) ?? listener;
}

/** Resolves when the response has ended. Simulated connections emit `finish`, but may emit no `close`. */
function settlement(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('finish', resolve);
    onceClosed(response, () => resolve());
  });
}

function unwrapped(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'raw' in value ? value.raw : value;
}

function isRequest(value: unknown): value is IncomingMessage {
  return typeof value === 'object' && value !== null && 'rawHeaders' in value && 'headers' in value;
}

function isResponse(value: unknown): value is ServerResponse {
  if (typeof value !== 'object' || value === null || !('writeHead' in value)) return false;
  return 'req' in value && isRequest(value.req);
}

function wrongObject(what: string, value: unknown): TypeError {
  return new TypeError(
    `The handler must get ${what} of node:http, got ${kindOf(value)}; pass request.raw and reply.raw in Fastify, ctx.req ` +
      'and ctx.res in Koa, or request.raw.req and request.raw.res in hapi. Use metricsFetchHandler() for a Request of the ' +
      'Fetch standard.',
  );
}
