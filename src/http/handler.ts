import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { ByteWriter } from '../exposition/byte-writer.ts';
import { acceptsGzip } from '../exposition/content-encoding.ts';
import { expositionEncoder } from '../exposition/encode.ts';
import type { FormatOptions } from '../exposition/format.ts';
import { type Negotiated, negotiate } from '../exposition/negotiate.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import type { CollectorFailure, Gatherer, Gathering } from '../registry/gathering.ts';

/** The longest that an encoding keeps others waiting. */
const STEP_MS = 4;
/** Smaller bodies fit into a packet or two as they are. */
const GZIP_FROM_BYTES = 1400;
const METHODS = 'GET, HEAD, OPTIONS';

export interface HandlerOptions extends FormatOptions {
  /** The default registry by default. */
  readonly registry?: Gatherer;
  /** How long collectors may take, in milliseconds; 10,000 by default. */
  readonly timeoutMs?: number;
  /** Told of each collector or family that failed; the scrape goes on without it. */
  readonly onError?: (failure: CollectorFailure) => void;
  /** Whether bodies are compressed for clients that accept it; they are by default. */
  readonly compress?: boolean;
}

/**
 * Answers scrapes in the format that suits the scraper best: a listener for any `node:http` server, or for one path of
 * it. Paths are the caller's matter.
 */
export function metricsHandler(options: HandlerOptions = {}): RequestListener {
  return (request, response) => {
    if (refuse(request, response)) return;
    scrape(request, response, options).catch((error: unknown) => fail(response, error, options));
  };
}

async function scrape(request: IncomingMessage, response: ServerResponse, options: HandlerOptions): Promise<void> {
  const { registry = defaultRegistry, timeoutMs, onError = () => {}, compress = true } = options;
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('The scraper has gone.')));
  const gathering = await registry.gather({ signal: gone.signal, timeoutMs });
  if (gone.signal.aborted) return;
  for (const failure of gathering.failures) onError(failure);
  const negotiated = negotiate(request.headers.accept);
  const body = await encodeInSteps(gathering, negotiated, options);
  const isZipped = compress && body.length >= GZIP_FROM_BYTES && acceptsGzip(headerOf(request, 'accept-encoding'));
  const sent = isZipped ? await gzip(body) : body;
  response.writeHead(200, headersFor(negotiated, sent.length, isZipped));
  response.end(request.method === 'HEAD' ? undefined : sent);
}

async function encodeInSteps(
  gathering: Gathering,
  { format, escaping }: Negotiated,
  { createdLines, onError = () => {} }: HandlerOptions,
): Promise<Buffer> {
  const writer = new ByteWriter();
  const onProblem = (error: Error) => onError({ collector: 'encoder', error });
  const encoder = expositionEncoder(format, writer, { createdLines, escaping, onProblem });
  let began = performance.now();
  for (const _step of gathering.steps(encoder)) {
    if (performance.now() - began < STEP_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    began = performance.now();
  }
  encoder.end();
  return writer.take();
}

function headersFor({ contentType }: Negotiated, length: number, isZipped: boolean): OutgoingHttpHeaders {
  return {
    'Content-Type': contentType,
    'Content-Length': length,
    ...(isZipped ? { 'Content-Encoding': 'gzip' } : {}),
    Vary: 'Accept, Accept-Encoding',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
}

/** Off the event loop, and at the level that costs least: a scrape goes over a near network. */
async function gzip(body: Buffer): Promise<Buffer> {
  const { gzip: compress } = await import('node:zlib');
  return new Promise((resolve, reject) => {
    compress(body, { level: 1 }, (error, zipped) => (error === null ? resolve(zipped) : reject(error)));
  });
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/** Answers what is no scrape; whether it did. */
function refuse(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  response.writeHead(request.method === 'OPTIONS' ? 204 : 405, { Allow: METHODS }).end();
  return true;
}

function fail(response: ServerResponse, thrown: unknown, { onError = () => {} }: HandlerOptions): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  onError({ collector: 'registry', error });
  // A body that has begun must not end as if it were whole.
  if (response.headersSent) response.destroy(error);
  else
    response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' }).end('The metrics could not be served.\n');
}
