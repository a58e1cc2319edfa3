import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { hasTooManyHeaders } from '../../http/ambiguous-requests.ts';
import { isAnswering } from '../../http/response/response-close.ts';
import { Counter } from '../../metrics/counter.ts';
import type { Registry } from '../../registry/registry.ts';

const REASONS = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
} as const;
type Code = keyof typeof REASONS;
const CODES = [400, 408, 413, 431] as const satisfies readonly Code[];

/** Counts requests that are malformed, too slow or too large, and answers them as Node.js does by default. */
export function countClientErrors(server: Server, registry: Registry): void {
  const errors = registry.getOrCreate(Counter<{ readonly code: typeof CODES }>, {
    name: 'metrics_server_client_errors_total',
    help: 'Total number of requests rejected before routing (malformed, too slow or too large), by HTTP status code.',
    labelNames: { code: CODES },
    initialize: true,
  });
  server.prependListener('request', (request) => {
    if (hasTooManyHeaders(request)) errors.inc({ code: 431 });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const code = statusCodeFor(error);
    if (code === undefined) return void socket.destroy();
    errors.inc({ code });
    // In the middle of another response, the client would take it for a part of that.
    if (socket.writable && !isAnswering(socket)) {
      socket.write(`HTTP/1.1 ${code} ${REASONS[code]}\r\nConnection: close\r\n\r\n`);
    }
    socket.destroySoon();
  });
}

/** Returns the status code; undefined for failed TLS handshakes and lost connections, which cannot be answered. */
function statusCodeFor({ code = '' }: NodeJS.ErrnoException): Code | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  return code.startsWith('HPE_') ? 400 : undefined;
}
