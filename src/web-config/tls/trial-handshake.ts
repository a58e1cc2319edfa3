import { Duplex } from 'node:stream';
import type { ConnectionOptions, SecureContextOptions } from 'node:tls';

const TIMEOUT_MS = 5_000;

/**
 * Connects a client to a server with these options, in memory. Rejects if they cannot serve any client: a key of another
 * type than the certificate, or ciphers that do not suit it, are errors only once they are used.
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
      timer = setTimeout(() => reject(new Error('the handshake did not end')), TIMEOUT_MS);
      for (const socket of [server, client]) socket.on('error', reject);
      // The client has checked the server's signature by then.
      server.once('secure', resolve);
    });
  } finally {
    clearTimeout(timer);
    for (const stream of [server, client, near, far]) stream.destroy();
  }
}

/** A client that takes whatever OpenSSL has. */
const ANY_SERVER: ConnectionOptions = { ca: [], minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' };

/** Two streams, each of which reads what is written to the other. */
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
