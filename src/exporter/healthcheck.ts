import type { RequestOptions } from 'node:http';
import { type ListenAddress, reachableHost, urlOf } from './server/listen-address.ts';
import { PATHS } from './server/paths.ts';

const TIMEOUT_MS = 3_000;
/**
 * The server wants a certificate: it says so (RFC 8446, section 6.2; before TLS 1.3 the handshake fails), or hangs up after
 * the handshake.
 */
const WANTS_CERTIFICATE = /ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE)|^HUNG_UP_AFTER_HANDSHAKE$/;

export interface HealthcheckOptions {
  readonly address: ListenAddress;
  readonly prefix: string;
  readonly isTls: boolean;
}

/**
 * Asks the exporter that listens there; undefined if it is healthy, else the reason why not. One that asks for a password
 * or a certificate is alive, and that is all that it tells to who has none.
 */
export async function unhealthyReason({ address, prefix, isTls }: HealthcheckOptions): Promise<string | undefined> {
  const url = urlOf(address, isTls ? 'https' : 'http');
  const path = prefix + PATHS.healthy;
  try {
    // The certificate is for the name that scrapers know, and this is the machine itself.
    const status = await statusOf(
      { ...targetOf(address), path, ...(isTls ? { rejectUnauthorized: false } : {}) },
      isTls,
    );
    return status === 200 || status === 401 ? undefined : `${url}${path} answered ${status}.`;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException; // Sockets emit nothing else.
    return WANTS_CERTIFICATE.test(code) ? undefined : `${url}${path} did not answer: ${message || code}.`;
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

function targetOf(address: ListenAddress): RequestOptions {
  if ('path' in address) return { socketPath: address.path };
  return 'fd' in address ? {} : { host: reachableHost(address), port: address.port };
}
