import type { ConnectionOptions, SecureVersion } from 'node:tls';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import { thrownText } from '../../model/thrown.ts';
import { certificatesOf, privateKeyOf } from '../../web-config/tls/pem.ts';
import { WatchedFiles } from '../../web-config/watched-files.ts';

/**
 * TLS settings of a client, with the names of Prometheus' `tls_config`. Files are read for each request, so that new
 * certificates are used at once.
 */
export interface ClientTls {
  /**
   * Certificates in PEM of the certificate authorities that may sign the receiver's certificate.
   *
   * @defaultValue the certificate authorities of Node.js
   */
  readonly ca?: string | undefined;
  /**
   * File of `ca`.
   *
   * @defaultValue none
   */
  readonly caFile?: string | undefined;
  /**
   * Client certificate in PEM, with its intermediate certificates.
   *
   * @defaultValue none
   */
  readonly cert?: string | undefined;
  /**
   * File of `cert`.
   *
   * @defaultValue none
   */
  readonly certFile?: string | undefined;
  /**
   * Private key in PEM of the client certificate.
   *
   * @defaultValue none
   */
  readonly key?: string | undefined;
  /**
   * File of `key`.
   *
   * @defaultValue none
   */
  readonly keyFile?: string | undefined;
  /**
   * Name that the receiver's certificate must have.
   *
   * @defaultValue the host of the URL
   */
  readonly serverName?: string | undefined;
  /**
   * Lowest version of TLS.
   *
   * @defaultValue `'TLS12'`
   */
  readonly minVersion?: 'TLS10' | 'TLS11' | 'TLS12' | 'TLS13' | undefined;
  /**
   * Whether to accept any certificate of the receiver. Use it in tests only.
   *
   * @defaultValue `false`
   */
  readonly insecureSkipVerify?: boolean | undefined;
}

const TLS_OPTIONS: OptionNames<ClientTls> = {
  ca: true,
  caFile: true,
  cert: true,
  certFile: true,
  key: true,
  keyFile: true,
  serverName: true,
  minVersion: true,
  insecureSkipVerify: true,
};

const VERSIONS: ReadonlyMap<string, SecureVersion> = new Map([
  ['TLS10', 'TLSv1'],
  ['TLS11', 'TLSv1.1'],
  ['TLS12', 'TLSv1.2'],
  ['TLS13', 'TLSv1.3'],
]);

/** Throws a RangeError if settings contradict each other. */
export function checkTls(options: ClientTls): void {
  checkOptionNames('tls', options, TLS_OPTIONS);
  const { ca, caFile, cert, certFile, key, keyFile, minVersion = 'TLS12' } = options;
  const sources = Object.entries({ ca: [ca, caFile], cert: [cert, certFile], key: [key, keyFile] });
  for (const [name, [text, file]] of sources) {
    if (text !== undefined && file !== undefined) {
      throw new RangeError(`Only one of tls.${name} and tls.${name}File may be set.`);
    }
  }
  if ((cert ?? certFile) !== undefined && (key ?? keyFile) === undefined)
    throw new RangeError('tls.cert needs tls.key.');
  if ((key ?? keyFile) !== undefined && (cert ?? certFile) === undefined)
    throw new RangeError('tls.key needs tls.cert.');
  if (!VERSIONS.has(minVersion)) {
    throw new RangeError(`tls.minVersion must be one of ${[...VERSIONS.keys()].join(', ')}, got ${minVersion}.`);
  }
}

/** Reads the files of the settings. Rejects if one cannot be read or is invalid. */
export async function loadClientTls(settings: ClientTls): Promise<ConnectionOptions> {
  const [ca, cert, key] = await Promise.all([
    readPem('ca', settings.ca, settings.caFile, (pem) => certificatesOf(pem).join('')),
    readPem('cert', settings.cert, settings.certFile, (pem) => certificatesOf(pem).join('')),
    readPem('key', settings.key, settings.keyFile, (pem) => privateKeyOf(pem).pem),
  ]);
  const { serverName, insecureSkipVerify = false, minVersion = 'TLS12' } = settings;
  const version = VERSIONS.get(minVersion);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(version === undefined ? {} : { minVersion: version }),
    rejectUnauthorized: !insecureSkipVerify,
  };
}

async function readPem(
  name: string,
  text: string | undefined,
  file: string | undefined,
  parse: (pem: string) => string,
): Promise<string | undefined> {
  if (text === undefined && file === undefined) return undefined;
  try {
    return parse(file === undefined ? (text ?? '') : await new WatchedFiles().read(file));
  } catch (error) {
    throw new RangeError(`tls.${name}${file === undefined ? '' : `File ${file}`}: ${thrownText(error)}`);
  }
}
