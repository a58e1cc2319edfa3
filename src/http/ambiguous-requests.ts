import type { IncomingMessage, RequestListener } from 'node:http';
import { sendText } from './response/short-answer.ts';

/** The headers that a request may have. Node.js drops further ones, and Content-Length, Host or Origin may be among them. */
export const MOST_HEADERS = 100;

/**
 * Keeps requests that may not be what they seem from a listener, and ends their connections. None here has a body: what
 * claims to have one may be a part of another request, smuggled through a proxy.
 */
export function refuseUnclear(listener: RequestListener): RequestListener {
  return (request, response) => {
    const isOverlong = hasTooManyHeaders(request);
    if (!isOverlong && !hasBody(request)) return listener(request, response);
    response.setHeader('Connection', 'close');
    if (isOverlong) return sendText(request, response, 431, `A request here has at most ${MOST_HEADERS} headers.\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return listener(request, response);
    return sendText(request, response, 400, 'A request here has no body.\n');
  };
}

/** In a server that drops headers after a hundred or more. */
export function hasTooManyHeaders({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.length > MOST_HEADERS * 2;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
