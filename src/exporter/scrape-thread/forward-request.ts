import { type IncomingMessage, type RequestListener, request as requestOver, type ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { MessageChannel } from 'node:worker_threads';
import { dropConnection, isDisconnected, onceClosed } from '../../http/response/response-close.ts';
import { sendText } from '../../http/response/short-answer.ts';
import { scrapeTimeoutMs } from '../../http/scrape/query.ts';
import type { OwnerStatus } from '../../workers/shared-tables/owner-status.ts';
import type { PortCalls } from '../../workers/shared-tables/port-calls.ts';
import { type Peer, PortStream } from './port-stream.ts';

/** Time between two looks at whether the main thread is blocked, after the deadline of a request. */
const RETRY_MS = 1000;

/** Headers of one connection only. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Returns a listener that lets the main thread answer requests. If that is blocked at the deadline of a request, or later, the
 * response is 503.
 */
export function forwardingListener(calls: PortCalls, status: OwnerStatus): RequestListener {
  return (request, response) => {
    const { port1, port2 } = new MessageChannel();
    const { remoteAddress, remotePort } = request.socket;
    const peer: Peer = { remoteAddress, remotePort, encrypted: request.socket instanceof TLSSocket };
    const connection = new PortStream(port1, peer);
    const { method, url: path, headersDistinct } = request;
    const forwarded = requestOver({
      method,
      path,
      headers: endToEnd(headersDistinct),
      createConnection: () => connection,
    });
    const end = () => {
      clearTimeout(timer);
      connection.destroy();
    };
    const fail = () => {
      end();
      if (response.headersSent) dropConnection(response);
      else sendText(request, response, 503, 'The main thread did not answer in time.\n');
    };
    const look = () => {
      if (status.blockedMs > 0) fail();
      else timer = setTimeout(look, RETRY_MS);
    };
    let timer = setTimeout(look, deadlineMs(request));
    onceClosed(response, end);
    forwarded.on('response', (answer) => {
      clearTimeout(timer);
      copy(answer, response);
    });
    forwarded.on('error', () => {
      if (!isDisconnected(response) && !response.headersSent) dropConnection(response); // As the main thread did.
    });
    forwarded.end();
    calls.call('connect', { port: port2, peer }, { timeoutMs: RETRY_MS, transfer: [port2] }).catch(() => {}); // See `look`.
  };
}

function deadlineMs({ headers }: IncomingMessage): number {
  const header = headers['x-prometheus-scrape-timeout-seconds'];
  return scrapeTimeoutMs(typeof header === 'string' ? header : undefined, undefined);
}

function copy(answer: IncomingMessage, response: ServerResponse): void {
  for (const [name, values] of Object.entries(endToEnd(answer.headersDistinct))) {
    if (!response.hasHeader(name)) response.setHeader(name, values);
  }
  response.writeHead(answer.statusCode ?? 500);
  answer.on('error', () => dropConnection(response));
  answer.pipe(response);
}

function endToEnd(headers: NodeJS.Dict<string[]>): Record<string, string[]> {
  const kept: [string, string[]][] = [];
  for (const [name, values = []] of Object.entries(headers)) {
    if (!CONNECTION_HEADERS.has(name)) kept.push([name, values]);
  }
  return Object.fromEntries(kept);
}
