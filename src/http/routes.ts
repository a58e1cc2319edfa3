import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { limitWriting, SHORT_ANSWER } from './write-deadline.ts';

const SECURITY_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff',
};

/** Listeners by exact path. */
export type Routes = ReadonlyMap<string, RequestListener>;

/** Hands a request to the listener of its path, or answers 404. The query does not count. */
export function routed(routes: Routes): RequestListener {
  return (request, response) => {
    const route = routes.get(pathOf(request.url ?? ''));
    if (route === undefined) sendText(request, response, 404, 'Not found.\n');
    else route(request, response);
  };
}

export function sendText(request: IncomingMessage, response: ServerResponse, status: number, body: string): void {
  send(request, response, status, 'text/plain; charset=utf-8', body);
}

export function sendPage(request: IncomingMessage, response: ServerResponse, body: string): void {
  send(request, response, 200, 'text/html; charset=utf-8', body);
}

function send(request: IncomingMessage, response: ServerResponse, status: number, type: string, body: string): void {
  limitWriting(response, SHORT_ANSWER);
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** By hand: `new URL()` throws for `//` and takes `//host/metrics` for another host's path. */
function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
