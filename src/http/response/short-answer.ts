import type { IncomingMessage, ServerResponse } from 'node:http';
import { dropConnection } from './response-close.ts';
import { limitWriting, SHORT_ANSWER } from './write-limits.ts';

/** Headers of all short answers. */
export const SECURITY_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff',
};

/** Answers with plain text. */
export function sendText(request: IncomingMessage, response: ServerResponse, status: number, body: string): void {
  send(request, response, status, 'text/plain; charset=utf-8', body);
}

/** Answers with an HTML page. */
export function sendPage(request: IncomingMessage, response: ServerResponse, body: string): void {
  send(request, response, 200, 'text/html; charset=utf-8', body);
}

/** Answers 204 without a body. */
export function sendNothing(response: ServerResponse): void {
  limitWriting(response, SHORT_ANSWER);
  response.writeHead(204).end();
}

/** Answers a request with a method that has no answer of its own: 204 to OPTIONS if it is allowed, otherwise 405. */
export function sendAllowed(request: IncomingMessage, response: ServerResponse, methods: readonly string[]): void {
  response.setHeader('Allow', methods.join(', '));
  if (request.method === 'OPTIONS' && methods.includes('OPTIONS')) sendNothing(response);
  else sendText(request, response, 405, 'Method not allowed.\n');
}

/**
 * Answers 500, whatever state the response is in. If its head has been sent, closes the connection: an incomplete body
 * must not look complete.
 */
export function sendFailure(request: IncomingMessage, response: ServerResponse, body: string): void {
  if (response.writableEnded) return;
  try {
    if (response.headersSent) dropConnection(response);
    else sendText(request, response, 500, body);
  } catch {
    dropConnection(response);
  }
}

/** Headers set before, for example by the web configuration, take precedence. */
function send(request: IncomingMessage, response: ServerResponse, status: number, type: string, body: string): void {
  limitWriting(response, SHORT_ANSWER);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    if (!response.hasHeader(name)) response.setHeader(name, value);
  }
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}
