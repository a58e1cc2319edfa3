import type { YamlMapping } from '../yaml/yaml-mapping.ts';

export type ClientAuth =
  | 'NoClientCert'
  | 'RequestClientCert'
  | 'RequireAnyClientCert'
  | 'VerifyClientCertIfGiven'
  | 'RequireAndVerifyClientCert';

/** Those that let in no client without a certificate, and so without a name to check. */
export const REQUIRING: readonly ClientAuth[] = ['RequireAnyClientCert', 'RequireAndVerifyClientCert'];

/** A PEM text, or the file that holds it, with the name of its setting. */
export type Pem = { readonly name: string } & ({ readonly text: string } | { readonly file: string });

export interface TlsSettings {
  readonly cert: Pem;
  readonly key: Pem;
  readonly clientCa: Pem | undefined;
  readonly clientAuth: ClientAuth;
  readonly allowedSans: readonly string[];
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** By OpenSSL's names; those of TLS 1.3 cannot be chosen. */
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

/** Those that Go's `tls.CipherSuites()` lists; the ones of TLS 1.3 are there always. */
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
  // Its name before it had this one.
  ['RequireClientCert', 'RequireAnyClientCert'],
  ['RequireAnyClientCert', 'RequireAnyClientCert'],
  ['VerifyClientCertIfGiven', 'VerifyClientCertIfGiven'],
  ['RequireAndVerifyClientCert', 'RequireAndVerifyClientCert'],
]);

/** What `tls_server_config` says; undefined where it says nothing, and the server speaks plain HTTP. */
export function readTls(settings: YamlMapping, resolve: (file: string) => string): TlsSettings | undefined {
  const pem = (name: string) => readPem(settings, name, resolve);
  const [cert, key, clientCa] = [pem('cert'), pem('key'), pem('client_ca')];
  const clientAuth = settings.parsed('client_auth_type', (text) => named(CLIENT_AUTHS, 'client_auth_type', text));
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

/** Those that check certificates: exporter-toolkit has the system's certificate authorities for them if none is given. */
const VERIFYING: readonly ClientAuth[] = ['VerifyClientCertIfGiven', 'RequireAndVerifyClientCert'];

function readProtocol(settings: YamlMapping) {
  const version = (key: string) => settings.parsed(key, (text) => named(VERSIONS, 'TLS version', text));
  const minVersion = version('min_version') ?? 'TLSv1.2';
  const maxVersion = version('max_version') ?? 'TLSv1.3';
  if (minVersion > maxVersion) throw settings.errorAt('min_version', 'min_version is above max_version.');
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
    throw settings.errorAt(name, `${name} and ${name}_file are both there; only one of them is wanted.`);
  }
  if (text !== undefined) return { name, text };
  return file === undefined ? undefined : { name: `${name}_file`, file: resolve(file) };
}

function named<T>(names: ReadonlyMap<string, T>, kind: string, text: string): T {
  const value = names.get(text);
  if (value === undefined)
    throw new RangeError(`unknown ${kind}: ${text}; it is one of ${[...names.keys()].join(', ')}.`);
  return value;
}
