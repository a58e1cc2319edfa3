import type { FormatOptions } from '../../exposition/encoding/format.ts';
import type { FormatOnRequest } from '../../exposition/formats-on-request.ts';
import type { Chosen } from '../../exposition/negotiation.ts';
import { LONGEST_DELAY_MS } from '../../model/duration.ts';
import { callUserCode, thrownText } from '../../model/thrown.ts';
import { CollectorRuns } from '../../registry/collector-runs.ts';
import { currentLink } from '../../registry/gather-chain.ts';
import { type CollectorFailure, type Gatherer, type Gathering, namedPart } from '../../registry/gathering.ts';
import type { ContentCoding } from './content-coding.ts';
import { compressedBody, encodedBody } from './encoded-body.ts';
import type { FailureCause } from './handler-metrics.ts';
import type { ScrapeQuery } from './query.ts';
import { type BodyReader, type BodySource, BufferLimit, SharedBody } from './shared-body.ts';

/** A scrape, as parsed from its request. */
export interface ScrapeRequest {
  readonly query: ScrapeQuery;
  readonly negotiated: Chosen<FormatOnRequest>;
  /** How to compress the body, if at all. */
  readonly coding: ContentCoding | undefined;
  /** How long collectors may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /** Drops the client, if it reads too slowly compared with those it shares a body with. */
  readonly drop: () => void;
}

/** The result of a scrape. */
export interface ScrapeResult {
  readonly isEmpty: boolean;
  readonly failures: readonly CollectorFailure[];
  readonly body: BodyReader;
}

export interface CoalescerOptions extends FormatOptions {
  readonly registry: Gatherer;
  /** Called once per failure, however many scrapes share it. */
  readonly onFailure: (failure: CollectorFailure, cause: FailureCause) => void;
  /** Called with the number of samples that a format forbids. */
  readonly onOmitted: (samples: number) => void;
}

/** Maximum size of what is buffered for clients that are slower than those they share a body with. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/** A registry ends its collectors on time; other gatherers get this much longer before they are given up. */
const GRACE_MS = 1000;

/** A scrape that could wait less than this for a late collector does not wait. */
const MIN_WAIT_MS = 10;

/**
 * Coalesces concurrent scrapes: those that arrive while a gathering is in progress share it, and share one encoding per
 * format, unless it would finish after their deadline. If some collectors are late, the scrapes with time left go on
 * waiting for them. Results are not cached: the next scrape starts a new gathering.
 */
export class GatherCoalescer {
  readonly #options: CoalescerOptions;
  /** Gatherings that can be joined, by the collectors they ask. */
  readonly #shared = new Map<string, readonly SharedGathering[]>();
  readonly #bufferLimit = new BufferLimit(MAX_BUFFERED_BYTES);

  constructor(options: CoalescerOptions) {
    this.#options = options;
  }

  /** Rejects if nothing can be gathered, or when the client disconnects. */
  scrape(request: ScrapeRequest): Promise<ScrapeResult> {
    // A collector that scrapes its own registry would wait for itself. Alone, it gets an error that names it.
    if (currentLink() !== undefined) return this.#start(request, () => {}).join(request);
    const { collect, exclude } = request.query;
    const key = JSON.stringify([collect?.toSorted(), exclude?.toSorted()]);
    const all = this.#shared.get(key) ?? [];
    const endsAt = performance.now() + request.timeoutMs;
    const running = all.findLast((shared) => shared.endsAt <= endsAt);
    if (running !== undefined) return running.join(request);
    const started = this.#start(request, () => {
      const others = (this.#shared.get(key) ?? []).filter((shared) => shared !== started);
      if (others.length > 0) this.#shared.set(key, others);
      else this.#shared.delete(key);
    });
    this.#shared.set(key, [...all, started]);
    return started.join(request);
  }

  #start(request: ScrapeRequest, onEnd: () => void): SharedGathering {
    return new SharedGathering(request, this.#options, this.#bufferLimit, onEnd);
  }
}

/** A scrape that waits for a gathering. */
interface WaitingScrape {
  readonly request: ScrapeRequest;
  /** By `performance.now()`. */
  readonly endsAt: number;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (result: ScrapeResult) => void;
  readonly reject: (error: unknown) => void;
}

/** A gathering and the scrapes that wait for it. Aborted when the last of them has left. */
class SharedGathering {
  /** When the first scrape has to be answered, by `performance.now()`; none can join after that. */
  readonly endsAt: number;
  readonly #options: CoalescerOptions;
  readonly #query: Pick<ScrapeQuery, 'collect' | 'exclude'>;
  readonly #runs = new CollectorRuns();
  readonly #waiting = new Set<WaitingScrape>();
  readonly #abort = new AbortController();
  readonly #bufferLimit: BufferLimit;
  readonly #onEnd: () => void;
  /** Failures that have been reported. */
  readonly #reported = new Set<string>();

  constructor(request: ScrapeRequest, options: CoalescerOptions, bufferLimit: BufferLimit, onEnd: () => void) {
    const { collect, exclude } = request.query;
    this.#options = options;
    this.#query = { collect, exclude };
    this.#bufferLimit = bufferLimit;
    this.#onEnd = onEnd;
    this.endsAt = performance.now() + request.timeoutMs;
    this.#gather(request.timeoutMs);
  }

  join(request: ScrapeRequest): Promise<ScrapeResult> {
    const { timeoutMs, signal } = request;
    const endsAt = performance.now() + timeoutMs;
    this.#runs.extendTo(endsAt);
    return new Promise((resolve, reject) => {
      const late = () => this.#leave(scrape, new Error(`The registry took longer than ${timeoutMs} ms.`));
      const timer = setTimeout(late, Math.min(timeoutMs + GRACE_MS, LONGEST_DELAY_MS));
      const scrape = { request, endsAt, timer, resolve, reject };
      this.#waiting.add(scrape);
      signal.addEventListener('abort', () => this.#leave(scrape, signal.reason), { once: true });
      if (signal.aborted) this.#leave(scrape, signal.reason);
    });
  }

  #gather(timeoutMs: number): void {
    const options = { ...this.#query, timeoutMs, signal: this.#abort.signal, runs: this.#runs };
    callUserCode(
      async () => this.#finish(await this.#options.registry.gather(options)),
      (thrown) => this.#rejectAll(thrown),
    );
  }

  #leave(scrape: WaitingScrape, reason: unknown): void {
    if (!this.#remove(scrape)) return;
    scrape.reject(reason);
    if (this.#waiting.size === 0) this.#end(reason);
  }

  #remove(scrape: WaitingScrape): boolean {
    clearTimeout(scrape.timer);
    return this.#waiting.delete(scrape);
  }

  /** Answers the scrapes that have no time left, or all of them if no collector is late. */
  #finish(gathering: Gathering): void {
    this.#onEnd();
    const latest = this.#runs.arePending ? performance.now() + MIN_WAIT_MS : Number.POSITIVE_INFINITY;
    const answered = [...this.#waiting].filter(({ endsAt }) => endsAt <= latest);
    if (answered.length > 0) this.#report(gathering.failures);
    const byVariant = new Map<string, WaitingScrape[]>();
    for (const scrape of answered) {
      const { negotiated, coding, query } = scrape.request;
      const variant = JSON.stringify([negotiated.contentType, coding, query.names?.toSorted()]);
      byVariant.set(variant, [...(byVariant.get(variant) ?? []), scrape]);
    }
    for (const scrapes of byVariant.values()) this.#serve(scrapes, gathering);
    for (const scrape of answered) this.#remove(scrape);
    const soonest = Math.min(...Array.from(this.#waiting, ({ endsAt }) => endsAt));
    if (this.#waiting.size === 0) this.#end(undefined);
    else this.#gather(Math.max(soonest - performance.now(), 1));
  }

  #report(failures: readonly CollectorFailure[]): void {
    for (const failure of failures) {
      const key = JSON.stringify([failure.collector, thrownText(failure.error)]);
      if (!this.#reported.has(key)) this.#options.onFailure(failure, 'gathering');
      this.#reported.add(key);
    }
  }

  /** Answers scrapes that want the same bytes. */
  #serve(scrapes: readonly WaitingScrape[], gathering: Gathering): void {
    const [first] = scrapes;
    if (first === undefined) return;
    const { failures, entries } = gathering;
    const shared = new SharedBody(this.#bodyFor(first.request, gathering), this.#bufferLimit);
    const readers = shared.readers(scrapes.map(({ request }) => request.drop));
    for (const [index, { resolve, request }] of scrapes.entries()) {
      const body = readers[index]!; // There is one for each scrape.
      request.signal.addEventListener('abort', () => body.leave(), { once: true });
      resolve({ body, failures, isEmpty: entries.length === 0 });
    }
  }

  #bodyFor({ query: { names }, negotiated, coding }: ScrapeRequest, gathering: Gathering): BodySource {
    const { createdLines, onFailure, onOmitted } = this.#options;
    const onProblem = (error: Error) => onFailure({ collector: 'encoder', error }, 'encoding');
    const body = encodedBody(namedPart(gathering, names), { negotiated, createdLines, onProblem, onOmitted });
    return coding === undefined ? body : compressedBody(body, coding);
  }

  #rejectAll(error: unknown): void {
    const scrapes = [...this.#waiting];
    this.#end(error);
    for (const scrape of scrapes) {
      this.#remove(scrape);
      scrape.reject(error);
    }
  }

  /** No scrape is waiting any more: aborts what is still running. */
  #end(reason: unknown): void {
    this.#onEnd();
    if (reason !== undefined) this.#abort.abort(reason);
    if (this.#runs.arePending) this.#runs.abort(reason ?? new Error('No scrape is waiting any more.'));
  }
}
