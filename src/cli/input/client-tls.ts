import { readFileSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { CommandError, UsageError } from '../../command-line/usage-error.ts';
import { thrownText } from '../../model/thrown.ts';
import { certificatesOf, privateKeyOf } from '../../web-config/tls/pem.ts';
import type { InputFlagValues } from './input-flags.ts';

/** TLS options of requests. */
export interface RequestTls {
  /** For every server. */
  readonly common: SecureContextOptions & { readonly rejectUnauthorized: boolean };
  /** For the server that the user named, but not for others that it redirects to: the client certificate. */
  readonly private: SecureContextOptions;
}

/**
 * Reads the files of the TLS flags.
 *
 * @throws {CommandError} if one cannot be read or is invalid.
 */
export function requestTls(flags: InputFlagValues): RequestTls {
  const { 'ca-file': caFile, 'cert-file': certFile, 'key-file': keyFile = certFile, insecure } = flags;
  if (certFile === undefined && keyFile !== undefined) throw new UsageError('--key-file requires --cert-file.');
  return {
    common: {
      rejectUnauthorized: !insecure,
      ...(caFile !== undefined && { ca: readFlagFile('ca-file', caFile, (text) => certificatesOf(text).join('')) }),
    },
    private: {
      ...(certFile !== undefined && {
        cert: readFlagFile('cert-file', certFile, (text) => certificatesOf(text).join('')),
      }),
      ...(keyFile !== undefined && { key: readFlagFile('key-file', keyFile, (text) => privateKeyOf(text).pem) }),
    },
  };
}

/**
 * Reads the file that a flag names.
 *
 * @throws {CommandError} if it cannot be read or parsed.
 */
export function readFlagFile<T>(flag: string, file: string, parse: (text: string) => T): T {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CommandError(`--${flag} ${file}: ${thrownText(error).replace(/\.$/, '')}.`);
  }
}

/**
 * Explains errors of TLS, whose own texts say nothing to most users; undefined for all other errors.
 *
 * @param error The code and the text of the error: old versions of Node.js have a general code for many of them.
 */
export function tlsReason(error: string): string | undefined {
  return REASONS.find(([pattern]) => pattern.test(error))?.[1];
}

const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/wrong.version.number|packet.length.too.long/i, 'the server does not speak TLS; use http://'],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)|SELF_SIGNED_CERT_IN_CHAIN/,
    'its certificate is signed by an unknown authority; name the authority with --ca-file, or accept any certificate with --insecure',
  ],
  [/alert.(certificate.required|bad.certificate)/i, 'it requires a client certificate; use --cert-file and --key-file'],
  [/CERT_HAS_EXPIRED/, 'its certificate has expired; --insecure accepts it'],
];
