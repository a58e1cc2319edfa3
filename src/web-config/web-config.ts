import { dirname, resolve } from 'node:path';
import { parseDuration } from '../model/duration.ts';
import { type Hash, parseHash } from './passwords/password-hash.ts';
import { readTls, TLS_SETTINGS, type TlsSettings } from './tls/tls-settings.ts';
import { parseYaml } from './yaml/yaml.ts';
import { isNull, textEntries, YamlMapping } from './yaml/yaml-mapping.ts';
import { errorAt } from './yaml/yaml-node.ts';

/** A web configuration file, read and checked. */
export interface WebConfig {
  /** Whether the file has nothing in it but blanks and comments. */
  readonly isEmpty: boolean;
  /** Its sections, also those without a value. */
  readonly sections: ReadonlySet<string>;
  /** The names of all settings that the file gives a value, an empty map or list too. */
  readonly stated: ReadonlySet<string>;
  readonly tls: TlsSettings | undefined;
  readonly users: ReadonlyMap<string, Hash>;
  /** Headers of all responses. */
  readonly headers: ReadonlyMap<string, string>;
  readonly rateLimit: RateLimit | undefined;
  /** Whether the file asks for HTTP/2, which this server does not speak. */
  readonly wantsHttp2: boolean;
}

/** One request each interval, and `burst` of them at once. */
export interface RateLimit {
  readonly intervalMs: number;
  readonly burst: number;
}

/**
 * Reads a web configuration as Prometheus' exporters take it: `tls_server_config`, `http_server_config`,
 * `basic_auth_users`, `rate_limit`. Paths in it are relative to the file. Throws a YamlError for what it does not know.
 */
export function parseWebConfig(text: string, path: string): WebConfig {
  const document = parseYaml(text);
  const root = new YamlMapping(document, ['tls_server_config', 'http_server_config', 'basic_auth_users', 'rate_limit']);
  const http = root.section('http_server_config', ['http2', 'headers']);
  const tlsSettings = root.section('tls_server_config', TLS_SETTINGS);
  const tls = readTls(tlsSettings, (file) => resolve(dirname(path), file));
  const http2 = http.flag('http2');
  return {
    isEmpty: isNull(document),
    sections: new Set(root.keys),
    stated: new Set([root, http, tlsSettings].flatMap((settings) => settings.stated)),
    tls,
    users: readUsers(root),
    headers: readHeaders(http),
    rateLimit: readRateLimit(root.section('rate_limit', ['interval', 'burst'])),
    wantsHttp2: tls !== undefined && http2 === true,
  };
}

function readUsers(root: YamlMapping): ReadonlyMap<string, Hash> {
  const entries = textEntries(root.node('basic_auth_users')).map(([user, text, node]): [string, Hash] => {
    if (user.includes(':'))
      throw errorAt(node, `the user ${JSON.stringify(user)} has a colon, which no client can send.`);
    const hash = parseHash(text);
    if (hash === undefined) throw errorAt(node, `the hash of ${JSON.stringify(user)} is neither bcrypt nor scrypt.`);
    return [user, hash];
  });
  return new Map(entries);
}

type HeaderCheck = readonly [name: string, values: readonly string[] | undefined];

/** The only ones that can be set, as in exporter-toolkit; some with few values. */
const HEADERS: readonly HeaderCheck[] = [
  ['Content-Security-Policy', undefined],
  ['X-Frame-Options', ['deny', 'sameorigin']],
  ['X-Content-Type-Options', ['nosniff']],
  ['X-XSS-Protection', undefined],
  ['Strict-Transport-Security', undefined],
];

function readHeaders(http: YamlMapping): ReadonlyMap<string, string> {
  const known = new Map(HEADERS);
  const entries = textEntries(http.node('headers')).filter(([, value]) => value !== '');
  for (const [name, value, node] of entries) {
    if (!known.has(name)) throw errorAt(node, `HTTP header ${JSON.stringify(name)} can not be configured.`);
    const values = known.get(name);
    if (values !== undefined && !values.includes(value.toLowerCase())) {
      throw errorAt(node, `invalid value for ${name}: ${JSON.stringify(value)}; it is ${values.join(' or ')}.`);
    }
    if (/[^\t\x20-\x7e]/.test(value))
      throw errorAt(node, `the value of ${name} has characters that no header may have.`);
  }
  return new Map(entries.map(([name, value]) => [name, value]));
}

function readRateLimit(settings: YamlMapping): RateLimit | undefined {
  const intervalMs = settings.parsed('interval', (text) => parseDuration(text, { name: 'interval', allowZero: true }));
  const burst = settings.count('burst');
  return intervalMs === undefined || intervalMs === 0 ? undefined : { intervalMs, burst: burst ?? 0 };
}
