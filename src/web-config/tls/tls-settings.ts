import type { YamlMapping } from '../yaml/yaml-mapping.ts';

/** Client authentication policies of Go's `crypto/tls`. */
export type ClientAuth =
  | 'NoClientCert'
  | 'RequestClientCert'
  | 'RequireAnyClientCert'
  | 'VerifyClientCertIfGiven'
  | 'RequireAndVerifyClientCert';

/** Policies that require a certificate, whose names can then be checked. */
export const REQUIRING: readonly ClientAuth[] = ['RequireAnyClientCert', 'RequireAndVerifyClientCert'];

/** A PEM text or the file that contains it, and the name of the setting. */
export type Pem = { readonly name: string } & ({ readonly text: string } | { readonly file: string });

/** Validated section `tls_server_config`. Error messages are those of exporter-toolkit where it has them. */
export interface TlsSettings {
  readonly cert: Pem;
  readonly key: Pem;
  readonly clientCa: Pem | undefined;
  readonly clientAuth: ClientAuth;
  readonly allowedSans: readonly string[];
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** OpenSSL names; the ciphers of TLS 1.3 cannot be configured. */
  readonly ciphers: readonly string[];
  readonly curves: readonly string[];
  readonly prefersServerCiphers: boolean;
}

type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export const TLS_SETTINGS = [
  'cert_file',
  'cert',
  'key_file',
  'key',
  'client_ca_file',
  'client_ca',
  'client_auth_type',
  'client_allowed_sans',
  'min_version',
  'max_version',
  'cipher_suites',
  'curve_preferences',
  'prefer_server_cipher_suites',
];

const VERSIONS: ReadonlyMap<string, TlsVersion> = new Map([
  ['TLS10', 'TLSv1'],
  ['TLS11', 'TLSv1.1'],
  ['TLS12', 'TLSv1.2'],
  ['TLS13', 'TLSv1.3'],
]);

/** Ciphers of Go's `tls.CipherSuites()` with their OpenSSL names; those of TLS 1.3 are always enabled. */
const CIPHERS: ReadonlyMap<string, string> = new Map([
  ['TLS_AES_128_GCM_SHA256', ''],
  ['TLS_AES_256_GCM_SHA384', ''],
  ['TLS_CHACHA20_POLY1305_SHA256', ''],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ECDHE-ECDSA-AES128-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE-RSA-AES128-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
]);

const CURVES: ReadonlyMap<string, string> = new Map([
  ['CurveP256', 'prime256v1'],
  ['CurveP384', 'secp384r1'],
  ['CurveP521', 'secp521r1'],
  ['X25519', 'X25519'],
]);

const CLIENT_AUTHS: ReadonlyMap<string, ClientAuth> = new Map([
  ['NoClientCert', 'NoClientCert'],
  ['RequestClientCert', 'RequestClientCert'],
  // Former name of the next one.
  ['RequireClientCert', 'RequireAnyClientCert'],
  ['RequireAnyClientCert', 'RequireAnyClientCert'],
  ['VerifyClientCertIfGiven', 'VerifyClientCertIfGiven'],
  ['RequireAndVerifyClientCert', 'RequireAndVerifyClientCert'],
]);

/** Reads the section `tls_server_config`; undefined if it does not enable TLS. */
export function readTls(settings: YamlMapping, resolve: (file: string) => string): TlsSettings | undefined {
  const pem = (name: string) => readPem(settings, name, resolve);
  const [cert, key, clientCa] = [pem('cert'), pem('key'), pem('client_ca')];
  const clientAuth = settings.parsed('client_auth_type', (text) => lookUp(CLIENT_AUTHS, 'client_auth_type', text));
  if ([cert, key, clientCa, clientAuth].every((each) => each === undefined)) return undefined;
  if (cert === undefined) throw settings.errorAt('key', 'missing one of cert or cert_file.');
  if (key === undefined) throw settings.errorAt('cert', 'missing one of key or key_file.');
  return { cert, key, ...readClients(settings, clientCa, clientAuth ?? 'NoClientCert'), ...readProtocol(settings) };
}

function readClients(settings: YamlMapping, clientCa: Pem | undefined, clientAuth: ClientAuth) {
  if (clientCa !== undefined && clientAuth === 'NoClientCert') {
    throw settings.errorAt('client_ca', "client CA's have been configured without a Client Auth Policy.");
  }
  if (clientCa === undefined && VERIFYING.includes(clientAuth)) {
    throw settings.errorAt('client_auth_type', `${clientAuth} needs client_ca or client_ca_file.`);
  }
  const allowedSans = settings.texts('client_allowed_sans');
  if (allowedSans?.length === 0) {
    throw settings.errorAt(
      'client_allowed_sans',
      'client_allowed_sans must not be empty; leave it out to accept any name.',
    );
  }
  if (allowedSans !== undefined && !REQUIRING.includes(clientAuth)) {
    throw settings.errorAt(
      'client_allowed_sans',
      `client_allowed_sans needs client_auth_type ${REQUIRING.join(' or ')}.`,
    );
  }
  return { clientCa, clientAuth, allowedSans: allowedSans ?? [] };
}

/**
 * Policies that verify certificates. Without a client CA, exporter-toolkit would trust the system's certificate
 * authorities.
 */
const VERIFYING: readonly ClientAuth[] = ['VerifyClientCertIfGiven', 'RequireAndVerifyClientCert'];

function readProtocol(settings: YamlMapping) {
  const version = (key: string) => settings.parsed(key, (text) => lookUp(VERSIONS, 'TLS version', text));
  const minVersion = version('min_version') ?? 'TLSv1.2';
  const maxVersion = version('max_version') ?? 'TLSv1.3';
  if (minVersion > maxVersion) throw settings.errorAt('min_version', 'min_version must not be above max_version.');
  const all = (key: string, names: ReadonlyMap<string, string>, kind: string) =>
    (settings.texts(key) ?? []).map((text) => {
      const name = names.get(text);
      if (name === undefined) throw settings.errorAt(key, `unknown ${kind}: ${text}`);
      return name;
    });
  return {
    minVersion,
    maxVersion,
    ciphers: all('cipher_suites', CIPHERS, 'cipher').filter((name) => name !== ''),
    curves: all('curve_preferences', CURVES, 'curve'),
    prefersServerCiphers: settings.flag('prefer_server_cipher_suites') ?? true,
  };
}

function readPem(settings: YamlMapping, name: string, resolve: (file: string) => string): Pem | undefined {
  const [text, file] = [settings.text(name), settings.text(`${name}_file`)];
  if (text !== undefined && file !== undefined) {
    throw settings.errorAt(name, `only one of ${name} and ${name}_file may be set.`);
  }
  if (text !== undefined) return { name, text };
  return file === undefined ? undefined : { name: `${name}_file`, file: resolve(file) };
}

function lookUp<T>(names: ReadonlyMap<string, T>, kind: string, text: string): T {
  const value = names.get(text);
  if (value === undefined)
    throw new RangeError(`unknown ${kind}: ${text}; must be one of ${[...names.keys()].join(', ')}.`);
  return value;
}
