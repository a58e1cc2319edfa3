import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Duration } from '../../model/duration.ts';
import type { OptionNames } from '../../model/option-names.ts';
import { kindOf } from '../../model/printable.ts';
import type { ClientTls } from './tls-config.ts';
import type { SignableRequest, Transport } from './transport.ts';

/** Options of all targets: where requests go, and how they are authenticated. */
export interface ClientOptions {
  /**
   * URL of the receiver, `http:` or `https:`. User and password in it are sent as basic authentication, and not shown in
   * errors.
   */
  readonly url: string | URL;
  /**
   * Maximum duration of a request, from connecting to the end of the response.
   *
   * @defaultValue `'10s'`
   */
  readonly timeout?: Duration | undefined;
  /**
   * Headers to add to each request, such as `X-Scope-OrgID`. They cannot replace those that the protocol defines.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * User and password for basic authentication.
   *
   * @defaultValue none
   */
  readonly basicAuth?: BasicAuth | undefined;
  /**
   * Bearer token.
   *
   * @defaultValue none
   */
  readonly bearerToken?: string | undefined;
  /**
   * File that contains the bearer token. It is read for each request, so that a new token is used at once.
   *
   * @defaultValue none
   */
  readonly bearerTokenFile?: string | undefined;
  /**
   * Certificates and other settings for `https:`.
   *
   * @defaultValue the certificate authorities of Node.js
   */
  readonly tls?: ClientTls | undefined;
  /**
   * URL of an HTTP proxy; `false` ignores the environment variables `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.
   *
   * @defaultValue as in the environment variables
   */
  readonly proxy?: string | false | undefined;
  /**
   * Returns headers to add to a request that is otherwise complete, such as a signature of its body.
   *
   * @defaultValue none
   */
  readonly sign?:
    | ((request: SignableRequest) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>)
    | undefined;
  /**
   * Sends the requests, such as {@link fetchTransport} where `node:http` is not available. `tls` and `proxy` are then its own
   * matter, and must not be set.
   *
   * @defaultValue `node:http` and `node:https`
   */
  readonly transport?: Transport | undefined;
}

export const CLIENT_OPTIONS: OptionNames<ClientOptions> = {
  url: true,
  timeout: true,
  headers: true,
  basicAuth: true,
  bearerToken: true,
  bearerTokenFile: true,
  tls: true,
  proxy: true,
  sign: true,
  transport: true,
};

/** User and password for basic authentication. */
export interface BasicAuth {
  /** Name of the user. */
  readonly username: string;
  /**
   * Password.
   *
   * @defaultValue `''`
   */
  readonly password?: string | undefined;
  /**
   * File that contains the password. It is read for each request, so that a new password is used at once.
   *
   * @defaultValue none
   */
  readonly passwordFile?: string | undefined;
}

export const BASIC_AUTH_OPTIONS: OptionNames<BasicAuth> = {
  username: true,
  password: true,
  passwordFile: true,
};

/** Headers that the protocol or the HTTP client set. */
const RESERVED = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-prometheus-remote-write-version',
]);

/** Returns the headers by their names in lower case. Throws a RangeError for a reserved or invalid one. */
export function checkHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const checked = Object.entries(headers).map(([name, value]) => {
    const key = name.toLowerCase();
    if (RESERVED.has(key)) throw new RangeError(`headers must not contain ${name}, which is set by the protocol.`);
    checkHeader(name, value);
    return [key, value];
  });
  return Object.fromEntries(checked);
}

/** Throws a RangeError that does not contain the value, which may be a secret. */
export function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new RangeError(`headers must have valid names and values, got an invalid ${JSON.stringify(name)}.`);
  }
}

/** Parses the URL of a receiver. Errors do not contain it, because it may contain a password. */
export function checkUrl(url: string | URL): URL {
  if (typeof url !== 'string' && !(typeof url === 'object' && url !== null && typeof url.href === 'string')) {
    throw new TypeError(`url must be a string or a URL, got ${kindOf(url)}.`);
  }
  const text = typeof url === 'string' ? url : url.href;
  if (!URL.canParse(text)) throw new RangeError("url must be a URL such as 'http://localhost:9091', got another text.");
  const parsed = new URL(text);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new RangeError(`url must start with http:// or https://, got ${parsed.protocol}.`);
  }
  return parsed;
}
