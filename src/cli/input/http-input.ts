import { type IncomingMessage, request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { addAbortSignal } from 'node:stream';
import { CommandError } from '../../command-line/usage-error.ts';
import { formatDuration, LONGEST_DELAY_MS } from '../../model/duration.ts';
import { readThrown, thrownText } from '../../model/thrown.ts';
import { version } from '../../model/version.ts';
import { type RequestTls, readFlagFile, requestTls, tlsReason } from './client-tls.ts';
import { decompressorFor } from './decompress.ts';
import { acceptHeader } from './format-names.ts';
import type { InputFlagValues } from './input-flags.ts';
import type { ServerAddress } from './server-name.ts';

/** An exposition that is being read. */
export interface Input {
  /** Name in messages: as the user wrote it, without credentials. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Content-Type of the response, if it comes from a server. */
  readonly contentType?: string | undefined;
  /** Size in bytes after decompression, if it is known. */
  readonly size?: number | undefined;
  /** Returns at most so many bytes of its end, if that is possible before the rest is read. */
  readonly readEnd?: ((bytes: number) => Promise<Buffer>) | undefined;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 10;

/**
 * Requests metrics from a server as Prometheus does. The timeout covers the whole response.
 *
 * @param name Name of the server in messages.
 * @throws {CommandError} if the status is not 2xx or the response cannot be read; iterating its chunks throws one as well.
 */
export async function fetchInput(name: string, server: ServerAddress, flags: InputFlagValues): Promise<Input> {
  const signal = AbortSignal.timeout(Math.min(Math.ceil(flags.timeout), LONGEST_DELAY_MS));
  try {
    const response = await httpGet(server, headersOf(server.url, flags), requestTls(flags), signal);
    const { statusCode = 0, statusMessage = '', headers } = response;
    if (statusCode < 200 || statusCode > 299) {
      response.destroy();
      throw new CommandError(`${name} returned ${statusCode} ${statusMessage}`.trim());
    }
    const chunks = decompressed(addAbortSignal(signal, response), headers['content-encoding']);
    const isEncoded = headers['content-encoding'] !== undefined;
    return {
      name,
      contentType: headers['content-type'],
      size: isEncoded ? undefined : lengthOf(headers['content-length']),
      chunks: withReasons(chunks, name, signal, flags),
    };
  } catch (error) {
    throw failure(error, name, signal, flags);
  }
}

function lengthOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** Only accepts one coding: nested ones would multiply the work that a hostile body can cause. */
function decompressed(response: IncomingMessage, coding: string = 'identity'): AsyncIterable<Uint8Array> {
  const body = complete(response);
  const name = coding.trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  const decompress = decompressorFor(name);
  if (decompress !== undefined) return decompress(body);
  response.destroy();
  throw new Error(`content coding ${JSON.stringify(coding)} is not supported`);
}

/** Yields the body as it arrives; throws if the connection is closed before its end. */
async function* complete(response: IncomingMessage): AsyncIterable<Uint8Array> {
  try {
    yield* response;
  } catch (error) {
    throw response.complete ? error : new Error('the connection was closed before its end', { cause: error });
  }
  if (!response.complete) throw new Error('the connection was closed before its end');
}

async function* withReasons(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  signal: AbortSignal,
  flags: InputFlagValues,
): AsyncIterable<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw failure(error, name, signal, flags);
  }
}

function headersOf(url: URL, flags: InputFlagValues): HttpHeaders {
  const authorization = authorizationOf(url, flags);
  return {
    common: {
      accept: acceptHeader(flags.from),
      'accept-encoding': 'gzip',
      'user-agent': `zeroprom/${version}`,
      'x-prometheus-scrape-timeout-seconds': String(flags.timeout / 1000),
    },
    private: {
      ...(authorization !== undefined && { authorization }),
      ...Object.fromEntries(flags.header.map(([header, value]) => [header.toLowerCase(), value])),
    },
  };
}

function authorizationOf(url: URL, flags: InputFlagValues): string | undefined {
  const file = flags['bearer-token-file'];
  const token =
    file === undefined ? flags['bearer-token'] : readFlagFile('bearer-token-file', file, (text) => text.trim());
  if (token !== undefined) return `Bearer ${token}`;
  const user = flags.user ?? `${decoded(url.username)}:${decoded(url.password)}`;
  return user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`;
}

/** Keeps percent signs that do not escape anything. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function failure(error: unknown, name: string, signal: AbortSignal, { timeout }: InputFlagValues): CommandError {
  if (error instanceof CommandError) return error;
  if (signal.aborted)
    return new CommandError(
      `${name} did not respond within ${formatDuration(timeout)}; raise the limit with --timeout.`,
    );
  // Node throws an AggregateError if a host has several addresses and none can be connected to.
  const errors = error instanceof AggregateError && error.errors.length > 0 ? error.errors : [error];
  return new CommandError(`${name} cannot be read: ${errors.map(reasonOf).join(', ')}.`);
}

function reasonOf(error: unknown): string {
  const { code = '' } = readThrown(error);
  const text = thrownText(error);
  const ofTls = tlsReason(`${code} ${text}`);
  if (ofTls !== undefined) return ofTls;
  return text === 'socket hang up' ? 'the server closed the connection without a response' : text;
}

interface HttpHeaders {
  /** Sent to every server. */
  readonly common: Readonly<Record<string, string>>;
  /** Sent to the server that the user named, but not to others that it redirects to: credentials and custom headers. */
  readonly private: Readonly<Record<string, string>>;
}

/**
 * Sends a GET request and follows redirects. `fetch()` is not suitable, because it decompresses the body and does not reveal
 * whether the body was complete.
 */
async function httpGet(
  server: ServerAddress,
  headers: HttpHeaders,
  tls: RequestTls,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let target = server.url;
  for (let count = 0; count <= MAX_REDIRECTS; count++) {
    const isNamed = target.origin === server.url.origin;
    const response = await request(target, {
      ...tls.common,
      ...(isNamed && tls.private),
      ...(isNamed && server.socketPath !== undefined && { socketPath: server.socketPath }),
      headers: isNamed ? { ...headers.common, ...headers.private } : headers.common,
      signal,
      agent: false,
    });
    const { location } = response.headers;
    if (!REDIRECTS.includes(response.statusCode ?? 0) || location === undefined) return response;
    response.destroy();
    const next = URL.canParse(location, target.href) ? new URL(location, target) : undefined;
    if (next?.protocol !== 'http:' && next?.protocol !== 'https:') {
      throw new Error('redirected to something that is not an HTTP URL');
    }
    target = next;
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects`);
}

function request(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    // Node would send credentials in the URL as well.
    const target = new URL(url);
    target.username = '';
    target.password = '';
    send(target, options, resolve)
      .on('error', reject) // Also called after the response, whose own error is more specific.
      .end();
  });
}
