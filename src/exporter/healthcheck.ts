import type { RequestOptions } from 'node:http';
import { readThrown } from '../model/thrown.ts';
import { reachableHost, type TcpAddress, type UnixAddress, urlOf } from './server/listen-address.ts';
import { PATHS } from './server/paths.ts';

const TIMEOUT_MS = 3_000;
/**
 * Error codes of a server that requires a client certificate: an alert (RFC 8446, section 6.2; before TLS 1.3 the
 * handshake fails), or the end of the connection after the handshake.
 */
const NEEDS_CERTIFICATE = /ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE)|^HUNG_UP_AFTER_HANDSHAKE$/;

export interface HealthcheckOptions {
  readonly address: TcpAddress | UnixAddress;
  readonly prefix: string;
  readonly isTls: boolean;
}

/**
 * Checks the exporter that listens on an address, and returns why it is not healthy; undefined if it is. An exporter
 * that requires a password or a client certificate counts as healthy: it responds.
 */
export async function unhealthyReason({ address, prefix, isTls }: HealthcheckOptions): Promise<string | undefined> {
  const url = urlOf(address, isTls ? 'https' : 'http');
  const path = prefix + PATHS.healthy;
  try {
    const target =
      'path' in address ? { socketPath: address.path } : { host: reachableHost(address), port: address.port };
    // Certificates are for the name that scrapers use, not for the local address.
    const status = await statusOf({ ...target, path, ...(isTls ? { rejectUnauthorized: false } : {}) }, isTls);
    return status === 200 || status === 401 ? undefined : `${url}${path} returned status ${status}.`;
  } catch (error) {
    const { code = '', message } = readThrown(error);
    return NEEDS_CERTIFICATE.test(code) ? undefined : `${url}${path} did not respond: ${message || code}.`;
  }
}

async function statusOf(options: RequestOptions, isTls: boolean): Promise<number | undefined> {
  const { request } = isTls ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, signal: AbortSignal.timeout(TIMEOUT_MS), agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    let isSecure = false;
    asked.once('socket', (socket) => {
      socket.once('secureConnect', () => {
        isSecure = true;
      });
    });
    asked.once('error', (error: NodeJS.ErrnoException) => {
      if (isSecure && error.code === 'ECONNRESET') reject(Object.assign(error, { code: 'HUNG_UP_AFTER_HANDSHAKE' }));
      else reject(error);
    });
    asked.end();
  });
}
