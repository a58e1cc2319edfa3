import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { callUserCode } from '../model/user-code.ts';
import { canonicalPath, pathOf } from './paths.ts';
import { cutOff } from './response/closed.ts';
import { limitWriting, SHORT_ANSWER } from './response/write-deadline.ts';

const SECURITY_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff',
};

/** What answers at a path. */
export interface Route {
  readonly listener: RequestListener;
  /** What may be asked; GET, HEAD and OPTIONS by default. */
  readonly methods?: readonly string[];
}

export type Routes = readonly (readonly [path: string, route: Route])[];

const READ_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Hands a request to the listener of its path, or answers 404, or 405 for a method that is not for it. Throws where two
 * routes have the same path. Where a listener throws or rejects, `onError` is told, and the request is answered with 500,
 * or its connection ends.
 */
export function routed(routes: Routes, onError: (path: string, thrown: unknown) => void = () => {}): RequestListener {
  const byPath = new Map(routes.map(([path, route]) => [canonicalPath(path), route]));
  if (byPath.size < routes.length) throw new Error('Each route must have a path of its own.');
  return (request, response) => {
    const path = pathOf(request.url ?? '');
    const route = path === '*' && request.method === 'OPTIONS' ? ANYWHERE : byPath.get(path);
    if (route === undefined) return sendText(request, response, 404, 'Not found.\n');
    callUserCode(
      () => answer(route, request, response),
      (thrown) => {
        sendFailure(request, response, 'The request could not be answered.\n');
        onError(path, thrown);
      },
    );
  };
}

function answer(
  { listener, methods = READ_METHODS }: Route,
  request: IncomingMessage,
  response: ServerResponse,
): unknown {
  const { method = '' } = request;
  if (methods.includes(method) && method !== 'OPTIONS') return listener(request, response);
  response.setHeader('Allow', methods.join(', '));
  if (methods.includes(method)) return sendNothing(response);
  return sendText(request, response, 405, 'Method not allowed.\n');
}

/** The server as a whole: `OPTIONS *`. */
const ANYWHERE: Route = { listener: (_, response) => sendNothing(response) };

export function sendText(request: IncomingMessage, response: ServerResponse, status: number, body: string): void {
  send(request, response, status, 'text/plain; charset=utf-8', body);
}

/** Answers 500, whatever state the response is in: one that has begun is cut off, as it must not end as if it were whole. */
export function sendFailure(request: IncomingMessage, response: ServerResponse, body: string): void {
  if (response.writableEnded) return;
  try {
    if (response.headersSent) cutOff(response);
    else sendText(request, response, 500, body);
  } catch {
    cutOff(response);
  }
}

export function sendPage(request: IncomingMessage, response: ServerResponse, body: string): void {
  send(request, response, 200, 'text/html; charset=utf-8', body);
}

export function sendNothing(response: ServerResponse): void {
  limitWriting(response, SHORT_ANSWER);
  response.writeHead(204).end();
}

/** Headers that were set before, by a configuration, win. */
function send(request: IncomingMessage, response: ServerResponse, status: number, type: string, body: string): void {
  limitWriting(response, SHORT_ANSWER);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    if (!response.hasHeader(name)) response.setHeader(name, value);
  }
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}
