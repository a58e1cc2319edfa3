import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { hasTooManyHeaders } from '../../http/ambiguous-requests.ts';
import { isAnswering } from '../../http/response/closed.ts';
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

/** Counts what was no request, too slow or too large, and answers it as Node itself would. */
export function countClientErrors(server: Server, registry: Registry): void {
  const errors = registry.getOrCreate(Counter<{ readonly code: typeof CODES }>, {
    name: 'metrics_server_client_errors_total',
    help: 'What was no HTTP request, too slow or too large, by the status of the answer.',
    labelNames: { code: CODES },
    initialize: true,
  });
  server.prependListener('request', (request) => {
    if (hasTooManyHeaders(request)) errors.inc({ code: 431 });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const code = codeOf(error);
    if (code === undefined) return void socket.destroy();
    errors.inc({ code });
    // In the middle of another response it would be taken for a part of it.
    if (socket.writable && !isAnswering(socket)) socket.write(answerOf(code));
    socket.destroySoon();
  });
}

function answerOf(code: Code): string {
  return `HTTP/1.1 ${code} ${REASONS[code]}\r\nConnection: close\r\n\r\n`;
}

/** Undefined for handshakes of TLS that fail and connections that are lost: nobody would read an answer. */
function codeOf({ code = '' }: NodeJS.ErrnoException): Code | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  return code.startsWith('HPE_') ? 400 : undefined;
}
