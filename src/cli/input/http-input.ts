import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { addAbortSignal } from 'node:stream';
import { formatDuration } from '../../model/duration.ts';
import { thrownText } from '../../model/thrown.ts';
import { version } from '../../model/version.ts';
import { CommandError } from '../command/command-error.ts';
import { unpackerOf } from './decompress.ts';
import { acceptHeader } from './format-names.ts';
import { type HttpHeaders, httpGet } from './http-get.ts';
import type { InputOptions } from './input-options.ts';

/** An exposition as it arrives. */
export interface Input {
  /** As the user called it, without credentials. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** What the server said that it is. */
  readonly contentType?: string | undefined;
}

/** A timer takes no more; 24 days. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/** Asks a server for its metrics, as Prometheus does. The timeout counts for the whole answer. `name` is what it is called in messages. */
export async function fetchInput(name: string, url: URL, options: InputOptions): Promise<Input> {
  const signal = AbortSignal.timeout(Math.min(Math.ceil(options.timeout), MAX_TIMEOUT));
  try {
    const response = await httpGet(url, headersOf(url, options), signal);
    const { statusCode = 0, statusMessage = '', headers } = response;
    if (statusCode < 200 || statusCode > 299) {
      response.destroy();
      throw new CommandError(`${name} answers ${statusCode} ${statusMessage}`.trim());
    }
    const chunks = unpacked(addAbortSignal(signal, response), headers['content-encoding']);
    return { name, contentType: headers['content-type'], chunks: withReasons(chunks, name, signal, options) };
  } catch (error) {
    throw failure(error, name, signal, options);
  }
}

/** The body without its content coding. Of several, one within the other, each would multiply the work of a hostile body. */
function unpacked(response: IncomingMessage, coding: string = 'identity'): AsyncIterable<Uint8Array> {
  const body = complete(response);
  const name = coding.trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  const unpack = unpackerOf(name);
  if (unpack !== undefined) return unpack(body);
  response.destroy();
  throw new Error(`its content coding ${JSON.stringify(coding)} is not supported`);
}

/** The body as it arrives. A connection that was closed before all of it came is an error. */
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
  options: InputOptions,
): AsyncIterable<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw failure(error, name, signal, options);
  }
}

function headersOf(url: URL, options: InputOptions): HttpHeaders {
  const authorization = authorizationOf(url, options);
  return {
    common: {
      accept: acceptHeader(options.from),
      'accept-encoding': 'gzip',
      'user-agent': `zeroprom/${version}`,
      'x-prometheus-scrape-timeout-seconds': String(options.timeout / 1000),
    },
    private: {
      ...(authorization !== undefined && { authorization }),
      ...Object.fromEntries(options.header.map(([header, value]) => [header.toLowerCase(), value])),
    },
  };
}

function authorizationOf(url: URL, options: InputOptions): string | undefined {
  const file = options['bearer-token-file'];
  const token = file === undefined ? options['bearer-token'] : readToken(file);
  if (token !== undefined) return `Bearer ${token}`;
  const user = options.user ?? `${decoded(url.username)}:${decoded(url.password)}`;
  return user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`;
}

/** A percent sign that escapes nothing is one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CommandError(`--bearer-token-file: ${thrownText(error)}.`);
  }
}

function failure(error: unknown, name: string, signal: AbortSignal, { timeout }: InputOptions): CommandError {
  if (error instanceof CommandError) return error;
  if (signal.aborted)
    return new CommandError(`${name} has not answered within ${formatDuration(timeout)}: see --timeout.`);
  return new CommandError(`${name} cannot be read: ${reasonOf(error)}.`);
}

function reasonOf(error: unknown): string {
  // Of several addresses, each with its own error.
  const errors = error instanceof AggregateError ? error.errors : [];
  return errors.length > 0 ? errors.map(thrownText).join(', ') : thrownText(error);
}
