import type { X509Certificate } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { thrownText } from '../../model/thrown.ts';
import { certificatesOf, privateKeyOf } from './pem.ts';
import type { ClientAuth, Pem, TlsSettings } from './tls-settings.ts';
import { tryHandshake } from './trial-handshake.ts';

/** TLS options of a server. */
export interface TlsOptions {
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuth;
  readonly allowedSans: readonly string[];
  /** Warnings about the certificates, for the log. */
  readonly warnings: readonly string[];
}

/** Reads a text file; rejects if it cannot be read. */
type ReadFile = (path: string) => Promise<string>;

/**
 * Loads the files that the settings name. Rejects if one of them cannot be read or is invalid, if the key does not
 * belong to the certificate, or if no client could connect.
 */
export async function loadTls(settings: TlsSettings, readFile: ReadFile): Promise<TlsOptions> {
  const { clientAuth, allowedSans } = settings;
  const [chain, key, clientCas] = await Promise.all([
    read(settings.cert, readFile, certificatesOf),
    read(settings.key, readFile, privateKeyOf),
    settings.clientCa === undefined ? [] : read(settings.clientCa, readFile, certificatesOf),
  ]);
  const [certificate] = chain;
  if (certificate?.checkPrivateKey(key.key) !== true) {
    throw new RangeError(
      `${settings.key.name} must be the private key of the first certificate of ${settings.cert.name}.`,
    );
  }
  const context: SecureContextOptions = {
    cert: chain.map(String).join(''),
    key: key.pem,
    // Always set, even if empty: otherwise Node.js trusts the public certificate authorities.
    ca: clientCas.map(String),
    ...protocolOptions(settings),
  };
  await tryHandshake(context).catch((error: unknown) => {
    throw new RangeError(`No client could connect with these TLS settings: ${opensslReason(error)}.`);
  });
  return { context, clientAuth, allowedSans, warnings: validityWarnings(certificate, clientCas) };
}

function protocolOptions(settings: TlsSettings): SecureContextOptions {
  const { minVersion, maxVersion, ciphers, curves, prefersServerCiphers } = settings;
  return {
    minVersion,
    maxVersion,
    honorCipherOrder: prefersServerCiphers,
    // The ciphers of TLS 1.3 are always enabled, and must be listed if others are.
    ...(ciphers.length === 0 ? {} : { ciphers: [...TLS13_CIPHERS, ...ciphers].join(':') }),
    ...(curves.length === 0 ? {} : { ecdhCurve: curves.join(':') }),
  };
}

const TLS13_CIPHERS = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

async function read<T>(pem: Pem, readFile: ReadFile, parse: (text: string) => T): Promise<T> {
  try {
    return parse('text' in pem ? pem.text : await readFile(pem.file));
  } catch (error) {
    throw new RangeError(`${pem.name}${'file' in pem ? ` ${pem.file}` : ''}: ${opensslReason(error)}`);
  }
}

/**
 * Expired certificates are used nevertheless: clients may not check, and an error would prevent a restart of the
 * exporter.
 */
function validityWarnings(certificate: X509Certificate, clientCas: readonly X509Certificate[]): string[] {
  const warnings: string[] = [];
  if (!isValidNow(certificate)) {
    const { validFrom, validTo } = certificate;
    warnings.push(`The certificate of the server is valid only from ${validFrom} to ${validTo}.`);
  }
  if (clientCas.length > 0 && !clientCas.some(isValidNow)) {
    warnings.push('No certificate of the client CA is valid at this time; clients will be rejected.');
  }
  return warnings;
}

function isValidNow({ validFrom, validTo }: X509Certificate): boolean {
  return Date.parse(validFrom) <= Date.now() && Date.now() <= Date.parse(validTo);
}

function opensslReason(error: unknown): string {
  // OpenSSL's message is a stack of error codes; its reason is a phrase.
  if (error instanceof Error && 'reason' in error && typeof error.reason === 'string') return error.reason;
  return thrownText(error);
}
