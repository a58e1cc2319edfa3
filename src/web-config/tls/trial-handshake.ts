import { Duplex } from 'node:stream';
import type { ConnectionOptions, SecureContextOptions } from 'node:tls';

const TIMEOUT_MS = 5_000;

/**
 * Connects a client to a server with the given options, in memory. Rejects if no client could connect: OpenSSL reports
 * a key whose type differs from the certificate's, or ciphers that do not match it, only during a handshake.
 */
export async function tryHandshake(options: SecureContextOptions): Promise<void> {
  const { connect, createSecureContext, TLSSocket } = await import('node:tls');
  const secureContext = createSecureContext(options);
  const [near, far] = connectedStreams();
  const server = new TLSSocket(near, { isServer: true, secureContext });
  const client = connect({ socket: far, rejectUnauthorized: false, ...ANY_SERVER });
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the handshake timed out')), TIMEOUT_MS);
      for (const socket of [server, client]) socket.on('error', reject);
      // By then the client has verified the signature of the server.
      server.once('secure', resolve);
    });
  } finally {
    clearTimeout(timer);
    for (const stream of [server, client, near, far]) stream.destroy();
  }
}

/** Options of a client that accepts everything that OpenSSL supports. */
const ANY_SERVER: ConnectionOptions = { ca: [], minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' };

/** Returns two streams that are connected to each other. */
function connectedStreams(): [Duplex, Duplex] {
  const streamTo = (other: () => Duplex) =>
    new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        other().push(chunk);
        done();
      },
    });
  const near: Duplex = streamTo(() => far);
  const far: Duplex = streamTo(() => near);
  return [near, far];
}
