import type { IncomingMessage, RequestListener } from 'node:http';
import { sendText } from './response/short-answer.ts';

/** Maximum number of headers in a request. Node.js drops the rest, which may include Content-Length, Host or Origin. */
export const MAX_HEADERS = 100;

/**
 * Rejects requests that may not be what they seem, and closes their connections. No handler here reads bodies, so a
 * body may be another request, smuggled through a proxy.
 */
export function rejectAmbiguous(listener: RequestListener): RequestListener {
  return (request, response) => {
    const { headers } = request;
    const isOverlong = hasTooManyHeaders(request);
    const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
    if (!isOverlong && !hasBody) return listener(request, response);
    response.setHeader('Connection', 'close');
    if (isOverlong) return sendText(request, response, 431, `A request must have at most ${MAX_HEADERS} headers.\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return listener(request, response);
    return sendText(request, response, 400, 'A request must not have a body.\n');
  };
}

/** For servers that drop headers beyond `MAX_HEADERS` or later. */
export function hasTooManyHeaders({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.length > MAX_HEADERS * 2;
}
