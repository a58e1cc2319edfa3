import { readFileSync } from 'node:fs';
import { formatDuration } from '../scheduler/duration.ts';
import { version } from '../version.ts';
import { CommandError } from './command-error.ts';
import { acceptHeader } from './format-names.ts';
import type { Input } from './input.ts';
import type { InputOptions } from './input-options.ts';

/** Asks a server for its metrics, as Prometheus does. The timeout counts for the whole answer. */
export async function fetchInput(name: string, url: URL, options: InputOptions): Promise<Input> {
  const headers = headersOf(url, options);
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  try {
    const response = await fetch(bare, { headers, signal: AbortSignal.timeout(options.timeout) });
    if (!response.ok) throw new CommandError(`${name} answers ${response.status} ${response.statusText}`.trim());
    const contentType = response.headers.get('content-type') ?? undefined;
    return { name, contentType, chunks: withReasons(name, response.body, options.timeout) };
  } catch (error) {
    throw failure(name, error, options.timeout);
  }
}

async function* withReasons(name: string, body: Response['body'], timeout: number): AsyncIterable<Uint8Array> {
  try {
    if (body !== null) yield* body;
  } catch (error) {
    throw failure(name, error, timeout);
  }
}

function headersOf(url: URL, options: InputOptions): Headers {
  const headers = new Headers({
    accept: acceptHeader(options.from),
    'user-agent': `zeroprom/${version}`,
    'x-prometheus-scrape-timeout-seconds': String(options.timeout / 1000),
  });
  const authorization = authorizationOf(url, options);
  if (authorization !== undefined) headers.set('authorization', authorization);
  for (const [header, value] of options.header) headers.set(header, value);
  return headers;
}

function authorizationOf(url: URL, options: InputOptions): string | undefined {
  const file = options['bearer-token-file'];
  const token = file === undefined ? options['bearer-token'] : readToken(file);
  if (token !== undefined) return `Bearer ${token}`;
  const user = options.user ?? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`;
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CommandError(`--bearer-token-file: ${error instanceof Error ? error.message : error}.`);
  }
}

function failure(name: string, error: unknown, timeout: number): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new CommandError(`${name} has not answered within ${formatDuration(timeout)}: see --timeout.`);
  }
  return new CommandError(`${name} cannot be read: ${reasonOf(error)}.`);
}

/** What fetch says is `fetch failed`; why stands in the causes. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(reasonOf).join(', ');
  return error.message;
}
