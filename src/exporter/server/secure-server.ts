import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import type { Logger } from '../../model/logger.ts';
import type { TlsOptions } from '../../web-config/tls/tls-options.ts';
import type { WebConfigFile } from '../../web-config/web-config-file.ts';
import { handshakeOptions, isClientAllowed } from './client-certificate.ts';
import type { ServerLimits } from './server-limits.ts';

/** A server with the certificates of the configuration, also of those that come later. */
export async function createSecureServer(
  file: WebConfigFile,
  tls: TlsOptions,
  limits: ServerLimits,
  listener: RequestListener,
  logger: Logger,
): Promise<Server> {
  const { createServer } = await import('node:https');
  const server = createServer({ ...limits, ...tls.context, ...handshakeOptions(tls) }, listener);
  let current = tls;
  file.onChange(({ tls: next }) => {
    if (next === undefined) return;
    current = next;
    server.setSecureContext(next.context);
    // Node reads these two at each handshake, though its types do not say so.
    Object.assign(server, handshakeOptions(next));
  });
  // Before HTTP gets to see the connection.
  server.prependListener('secureConnection', (socket) => {
    if (isClientAllowed(socket, current)) return;
    logger.warn('A client was refused for its certificate.');
    socket.destroy();
  });
  server.on('connection', () => void file.refresh());
  return server;
}
