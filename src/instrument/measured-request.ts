import type { HttpRequest } from '../http/response/http-message.ts';
import { pathIn } from './bounded-labels.ts';

/** A request as functions of `requestLabels` get it, the same for all adapters. */
export interface MeasuredRequest {
  /** Method, such as `GET`. */
  readonly method: string;
  /** Path of the whole URL, without the query. */
  readonly path: string;
  /** `http` or `https`, as on the connection to this server. */
  readonly scheme: string;
  /** Returns a header; undefined if the request does not have it, or has it more than once. */
  header(name: string): string | undefined;
}

/** Returns a view of a `node:http` or `node:http2` request. */
export function nodeRequest(request: HttpRequest): MeasuredRequest {
  const { method = '', url = '/', originalUrl = url } = request;
  // Only injected requests have no headers.
  const { headers = {} } = request as { readonly headers?: Readonly<Record<string, unknown>> };
  return {
    method,
    path: pathIn(originalUrl),
    scheme: request.socket !== undefined && 'encrypted' in request.socket ? 'https' : 'http',
    header: (name) => {
      const value = headers[name.toLowerCase()];
      return typeof value === 'string' ? value : undefined;
    },
  };
}

/** Returns a view of a Fetch `Request`. */
export function fetchedRequest(request: {
  readonly method: string;
  readonly url?: string;
  readonly headers: { get(name: string): string | null };
}): MeasuredRequest {
  const { method, url = '/', headers } = request;
  return {
    method,
    path: pathIn(url),
    scheme: url.startsWith('https:') ? 'https' : 'http',
    header: (name) => headers.get(name) ?? undefined,
  };
}
