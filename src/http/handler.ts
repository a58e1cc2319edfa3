import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ByteWriter } from '../exposition/byte-writer.ts';
import { text } from '../exposition/formats.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import type { CollectorFailure, Gatherer, Gathering } from '../registry/gathering.ts';

/** The longest that an encoding keeps others waiting. */
const STEP_MS = 4;
const METHODS = 'GET, HEAD, OPTIONS';

export interface HandlerOptions {
  /** The default registry by default. */
  readonly registry?: Gatherer;
  /** How long collectors may take, in milliseconds; 10,000 by default. */
  readonly timeoutMs?: number;
  /** Told of each collector that failed; the scrape goes on without it. */
  readonly onError?: (failure: CollectorFailure) => void;
}

/** Answers scrapes: a listener for any `node:http` server, or for one path of it. Paths are the caller's matter. */
export function metricsHandler(options: HandlerOptions = {}): RequestListener {
  return (request, response) => {
    if (refuse(request, response)) return;
    scrape(request, response, options).catch((error: unknown) => fail(response, error, options));
  };
}

async function scrape(request: IncomingMessage, response: ServerResponse, options: HandlerOptions): Promise<void> {
  const { registry = defaultRegistry, timeoutMs, onError = () => {} } = options;
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('The scraper has gone.')));
  const gathering = await registry.gather({ signal: gone.signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  if (gone.signal.aborted) return;
  for (const failure of gathering.failures) onError(failure);
  const body = await encodeInSteps(gathering);
  response.writeHead(200, {
    'Content-Type': text.contentType,
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function encodeInSteps(gathering: Gathering): Promise<Buffer> {
  const writer = new ByteWriter();
  const encoder = text.encoder(writer);
  let began = performance.now();
  for (const _step of gathering.steps(encoder)) {
    if (performance.now() - began < STEP_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    began = performance.now();
  }
  encoder.end();
  return writer.take();
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
