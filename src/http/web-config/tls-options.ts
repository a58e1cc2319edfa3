import { readFile } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';
import type { ClientAuth, Pem, TlsSettings } from './tls-settings.ts';

/** What a TLS server is made of. */
export interface TlsOptions {
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuth;
  readonly allowedSans: readonly string[];
}

/** Reads the files that the settings name. Rejects where one cannot be read, or OpenSSL does not take what is in it. */
export async function loadTls(settings: TlsSettings): Promise<TlsOptions> {
  const { clientAuth, allowedSans, minVersion, maxVersion, ciphers, curves, prefersServerCiphers } = settings;
  const [cert, key, ca] = await Promise.all([load(settings.cert), load(settings.key), load(settings.clientCa)]);
  const context: SecureContextOptions = {
    cert,
    key,
    minVersion,
    maxVersion,
    honorCipherOrder: prefersServerCiphers,
    // Those of TLS 1.3 are there in any case, and must be named where others are.
    ...(ciphers.length === 0 ? {} : { ciphers: [...TLS13_CIPHERS, ...ciphers].join(':') }),
    ...(curves.length === 0 ? {} : { ecdhCurve: curves.join(':') }),
    ...(ca === undefined ? {} : { ca }),
  };
  const { createSecureContext } = await import('node:tls');
  createSecureContext(context);
  return { context, clientAuth, allowedSans };
}

const TLS13_CIPHERS = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

async function load(pem: Pem | undefined): Promise<string | undefined> {
  if (pem === undefined) return undefined;
  return 'text' in pem ? pem.text : await readFile(pem.file, 'utf8');
}
