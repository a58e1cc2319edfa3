import type { X509Certificate } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Logger } from '../../model/logger.ts';
import type { TlsOptions } from '../../web-config/tls/tls-options.ts';
import type { WebConfigFile } from '../../web-config/web-config-file.ts';
import type { ServerLimits } from './server-limits.ts';

/** Creates an HTTPS server that follows the certificates of the web configuration as they change. */
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
    // Node.js reads these two at each handshake, although its types do not mention them.
    Object.assign(server, handshakeOptions(next));
  });
  // Prepended, so that HTTP does not see connections that are rejected.
  server.prependListener('secureConnection', (socket) => {
    if (isClientAllowed(socket, current)) return;
    logger.warn('Rejected the certificate of a client.');
    socket.destroy();
  });
  server.on('connection', () => void file.refresh());
  return server;
}

/** Returns what Node.js itself checks: it can request a certificate, and reject clients without a trusted one. */
export function handshakeOptions({ clientAuth }: TlsOptions): { requestCert: boolean; rejectUnauthorized: boolean } {
  return {
    requestCert: clientAuth !== 'NoClientCert',
    rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
  };
}

/** Whether a client may connect, given the certificate of its handshake. */
export function isClientAllowed(socket: TLSSocket, { clientAuth, allowedSans }: TlsOptions): boolean {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) {
    return clientAuth !== 'RequireAnyClientCert' && clientAuth !== 'RequireAndVerifyClientCert';
  }
  const mustBeTrusted = clientAuth === 'VerifyClientCertIfGiven' || clientAuth === 'RequireAndVerifyClientCert';
  if (mustBeTrusted && !socket.authorized) return false;
  const allowed = allowedSans.map(canonical);
  return allowed.length === 0 || namesOf(certificate).some((name) => allowed.includes(name));
}

/** Returns the subject alternative names: DNS names, addresses, e-mail addresses and URIs. */
export function namesOf({ subjectAltName = '' }: Pick<X509Certificate, 'subjectAltName'>): readonly string[] {
  // Node.js quotes names that contain a comma or a quote, so that they cannot pass for several names.
  const names = subjectAltName.matchAll(/(?:^|, )(?:DNS|IP Address|email|URI):("(?:[^"\\]|\\.)*"|[^",]*)(?=, |$)/g);
  return [...names].map(([, name = '']) => canonical(name.startsWith('"') ? String(JSON.parse(name)) : name));
}

/** Returns the canonical spelling of an IPv6 address. */
function canonical(name: string): string {
  const url = `http://[${name}]`;
  return /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/.test(name) && URL.canParse(url) ? new URL(url).hostname : name;
}
