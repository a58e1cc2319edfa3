import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { acceptsGzip } from '../../exposition/negotiation.ts';
import { isDisconnected } from '../../http/response/response-close.ts';
import { sendText } from '../../http/response/short-answer.ts';
import { limitWriting } from '../../http/response/write-limits.ts';
import { EventLoopBudget } from '../../model/event-loop-budget.ts';
import type { Gatherer } from '../../registry/gathering.ts';
import type { Clock } from '../../scheduler/clock.ts';
import type { Sampler } from '../sampling/sampler.ts';
import { cardinalityOf } from './cardinality.ts';
import { familyHistory, historyHead, type Messages, seriesPage } from './messages.ts';
import { pagePolicy, renderPage } from './page-document.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import type { StatusSource } from './status-source.ts';
import type { Viewers } from './viewers.ts';

/** Sampling goes on for this long after a page has asked for a snapshot, because it will ask again. */
const POLLING_MS = 5000;
/** How long the page waits for its first sample before it is shown without metrics. */
const FIRST_SAMPLE_MS = 1000;
/** How long a report on cardinality is kept. */
const REPORT_MS = 5000;
/** Smaller answers are not compressed. */
const MIN_GZIP_BYTES = 1400;
const WRITE_LIMITS = { idleMs: 30_000, totalMs: 60_000 };
const DEFAULT_SERIES = 100;

interface ReaderParts {
  readonly registry: Gatherer;
  readonly sampler: Sampler;
  readonly source: StatusSource;
  readonly messages: Messages;
  readonly viewers: Viewers;
  readonly clock: Clock;
}

/** Answers all requests that get one answer: the page itself, snapshots, history and series. */
export class Reader {
  readonly #parts: ReaderParts;
  readonly #budget = new EventLoopBudget();
  #stopWatching: (() => void) | undefined;
  #report: Promise<string> | undefined;
  #reportedAt = 0;
  #timer: ReturnType<Clock['setTimeout']> | undefined;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  async answer(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<void> {
    const { sampler, messages, viewers } = this.#parts;
    if (query.has('snapshot')) {
      this.#watch();
      await sampler.refresh();
      return send(request, response, messages.full(viewers.cost));
    }
    if (query.has('cardinality')) return send(request, response, await this.#cardinality());
    if (query.has('history')) return send(request, response, await this.#history());
    const family = query.get('family');
    if (family !== null) return this.#answerSeries(request, response, family, query);
    return this.#answerPage(request, response);
  }

  close(): void {
    this.#stopWatching?.();
    if (this.#timer !== undefined) this.#parts.clock.clearTimeout(this.#timer);
    this.#stopWatching = undefined;
  }

  async #answerPage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { sampler, source, clock, messages } = this.#parts;
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(resolve, FIRST_SAMPLE_MS);
      void sampler.refresh().then(() => {
        clock.clearTimeout(timer);
        resolve();
      });
    });
    const body = renderPage({ ...source.parts, families: messages.families });
    return send(request, response, body, 'text/html; charset=utf-8', { 'Content-Security-Policy': pagePolicy() });
  }

  #answerSeries(request: IncomingMessage, response: ServerResponse, name: string, query: URLSearchParams) {
    const { sampler } = this.#parts;
    const record = sampler.table.get(name);
    const offset = countIn(query, 'offset', 0);
    const limit = countIn(query, 'limit', DEFAULT_SERIES);
    if (offset === undefined || limit === undefined) {
      return sendText(request, response, 400, 'offset and limit must be whole numbers.\n');
    }
    if (record === undefined) return sendText(request, response, 404, 'No such family.\n');
    return send(request, response, JSON.stringify(seriesPage(record, sampler, offset, limit)));
  }

  /** Writes the history, a family at a time. */
  async #history(): Promise<string> {
    const { sampler, source } = this.#parts;
    const { head, slots } = historyHead(source.session, sampler, sampler.time);
    const families: string[] = [];
    for (const record of sampler.table.records) {
      families.push(familyHistory(record, slots));
      if (this.#budget.isOver) await this.#budget.wait();
    }
    return `${JSON.stringify(head).slice(0, -1)},"families":[${families.join(',')}]}`;
  }

  /** Requests within a few seconds share a report. */
  async #cardinality(): Promise<string> {
    const { registry, clock } = this.#parts;
    if (this.#report === undefined || clock.now() - this.#reportedAt >= REPORT_MS) {
      this.#reportedAt = clock.now();
      this.#report = registry.gather({ countsErrors: false }).then(async (gathering) => {
        return JSON.stringify(await cardinalityOf(gathering, clock.wall()));
      });
      this.#report.catch(() => {}); // Reported to those who wait for it.
    }
    return this.#report;
  }

  /** Samples for a while. */
  #watch(): void {
    const { sampler, clock } = this.#parts;
    this.#stopWatching ??= sampler.watch(() => {});
    if (this.#timer !== undefined) clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => this.close(), POLLING_MS + sampler.intervalMs);
    this.#timer.unref?.();
  }
}

/** Returns a number of the query; undefined if it is not one. */
function countIn(query: URLSearchParams, name: string, byDefault: number): number | undefined {
  const text = query.get(name);
  if (text === null) return byDefault;
  return /^\d{1,7}$/.test(text) ? Number(text) : undefined;
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  type = 'application/json',
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const isZipped = body.length >= MIN_GZIP_BYTES && acceptsGzip(request.headers['accept-encoding']?.toString());
  const bytes = isZipped ? await promisify(gzip)(body, { level: 1 }) : Buffer.from(body);
  if (isDisconnected(response)) return;
  limitWriting(response, WRITE_LIMITS);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) {
    if (!response.hasHeader(name)) response.setHeader(name, value);
  }
  response.writeHead(200, {
    ...headers,
    ...(isZipped ? { 'Content-Encoding': 'gzip' } : {}),
    'Content-Type': type,
    'Content-Length': bytes.length,
    Vary: 'Accept-Encoding',
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
