import { dirname, resolve } from 'node:path';
import { parseDuration } from '../model/duration.ts';
import { type Hash, parseHash } from './passwords/password-hash.ts';
import { readTls, TLS_SETTINGS, type TlsSettings } from './tls/tls-settings.ts';
import { parseYaml } from './yaml/yaml.ts';
import { isNull, textEntries, YamlMapping } from './yaml/yaml-mapping.ts';
import { errorAt } from './yaml/yaml-node.ts';

/** Parsed and validated web configuration file. */
export interface WebConfig {
  /** Whether the file contains only whitespace and comments. */
  readonly isEmpty: boolean;
  /** Names of the sections, including those without a value. */
  readonly sections: ReadonlySet<string>;
  /** Names of all settings that have a value, including empty maps and lists. */
  readonly stated: ReadonlySet<string>;
  readonly tls: TlsSettings | undefined;
  readonly users: ReadonlyMap<string, Hash>;
  /** Headers to add to all responses. */
  readonly headers: ReadonlyMap<string, string>;
  readonly rateLimit: RateLimit | undefined;
  /** Whether the file enables HTTP/2, which this server does not support. */
  readonly wantsHttp2: boolean;
}

/** One request per interval, and up to `burst` at once. */
export interface RateLimit {
  readonly intervalMs: number;
  readonly burst: number;
}

/**
 * Parses a web configuration in the format of exporter-toolkit: `tls_server_config`, `http_server_config`,
 * `basic_auth_users` and `rate_limit`. Paths in it are relative to the file.
 *
 * @throws {YamlError} if the file is invalid or contains an unknown setting.
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
      throw errorAt(node, `the user name ${JSON.stringify(user)} must not contain a colon: clients cannot send it.`);
    const hash = parseHash(text);
    if (hash === undefined) throw errorAt(node, `the hash of ${JSON.stringify(user)} must be a bcrypt or scrypt hash.`);
    return [user, hash];
  });
  return new Map(entries);
}

type HeaderCheck = readonly [name: string, values: readonly string[] | undefined];

/** Headers that can be configured, as in exporter-toolkit, and the values that are allowed. */
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
      throw errorAt(node, `invalid value for ${name}: must be ${values.join(' or ')}, got ${JSON.stringify(value)}.`);
    }
    if (/[^\t\x20-\x7e]/.test(value)) throw errorAt(node, `${name} must contain only printable ASCII characters.`);
  }
  return new Map(entries.map(([name, value]) => [name, value]));
}

function readRateLimit(settings: YamlMapping): RateLimit | undefined {
  const intervalMs = settings.parsed('interval', (text) => parseDuration(text, { name: 'interval', allowZero: true }));
  const burst = settings.count('burst');
  return intervalMs === undefined || intervalMs === 0 ? undefined : { intervalMs, burst: burst ?? 0 };
}
