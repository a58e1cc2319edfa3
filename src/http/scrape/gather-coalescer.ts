import type { FormatOptions } from '../../exposition/encoding/format.ts';
import type { Negotiated } from '../../exposition/negotiate.ts';
import { thrownText } from '../../model/thrown.ts';
import { callUserCode } from '../../model/user-code.ts';
import { CollectorRuns } from '../../registry/collector-runs.ts';
import { currentLink } from '../../registry/gather-chain.ts';
import type { CollectorFailure, Gatherer, Gathering } from '../../registry/gathering.ts';
import { Backlog } from './backlog.ts';
import { encodedBody, zippedBody } from './encoded-body.ts';
import type { ScrapeQuery } from './query.ts';
import { type PieceReader, SharedPieces } from './shared-body.ts';

/** What a scrape wants. */
export interface ScrapeWish {
  readonly query: ScrapeQuery;
  readonly negotiated: Negotiated;
  readonly isZipped: boolean;
  /** How long collectors may take for it. */
  readonly budgetMs: number;
  /** Aborts when the scraper has gone. */
  readonly signal: AbortSignal;
  /** Sends it away: it is too far behind those that share the body with it. */
  readonly cut: () => void;
}

/** What a scrape gets. */
export interface Scraped {
  readonly isEmpty: boolean;
  readonly failures: readonly CollectorFailure[];
  readonly body: PieceReader;
}

export interface PoolOptions extends FormatOptions {
  readonly registry: Gatherer;
  /** Told once of each failure, however many scrapes share it. */
  readonly onFailure: (failure: CollectorFailure, cause: 'gathering' | 'encoding') => void;
  /** Called with a number of samples that a format forbids. */
  readonly onOmitted: (samples: number) => void;
}

/** What may be kept for scrapers that are slower than those they share a body with. */
const MOST_BEHIND_BYTES = 16 * 1024 * 1024;

/** A registry ends its collectors itself; whatever else gathers gets this much longer, and is then given up. */
const GRACE_MS = 1000;

/** A scrape that could wait less longer than that for a late collector does not. */
const SHORTEST_WAIT_MS = 10;

/**
 * Scrapes that come while a gathering is under way share it, with one encoding for each format. They do not where it
 * would end too late for them; where some collectors are late, those that can wait longer go on waiting for these. What is
 * done is not kept: the next scrape begins a new one.
 */
export class GatheringPool {
  readonly #options: PoolOptions;
  /** Those that can be joined. */
  readonly #shared = new Map<string, readonly SharedGathering[]>();
  readonly #backlog = new Backlog(MOST_BEHIND_BYTES);

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Rejects where nothing can be gathered, or when the scraper goes. */
  scrape(wish: ScrapeWish): Promise<Scraped> {
    // A collector that scrapes would wait for itself; on its own, the registry tells which it is.
    if (currentLink() !== undefined) return this.#begin(wish, () => {}).join(wish);
    const { collect, exclude } = wish.query;
    const key = JSON.stringify([collect?.toSorted(), exclude?.toSorted()]);
    const all = this.#shared.get(key) ?? [];
    const endsAt = performance.now() + wish.budgetMs;
    const running = all.findLast((shared) => shared.endsAt <= endsAt);
    if (running !== undefined) return running.join(wish);
    const begun = this.#begin(wish, () => this.#forget(key, begun));
    this.#shared.set(key, [...all, begun]);
    return begun.join(wish);
  }

  #begin(wish: ScrapeWish, onEnd: () => void): SharedGathering {
    return new SharedGathering(wish, this.#options, this.#backlog, onEnd);
  }

  #forget(key: string, ended: SharedGathering): void {
    const others = (this.#shared.get(key) ?? []).filter((shared) => shared !== ended);
    if (others.length > 0) this.#shared.set(key, others);
    else this.#shared.delete(key);
  }
}

interface Joiner {
  readonly wish: ScrapeWish;
  /** By `performance.now()`. */
  readonly endsAt: number;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (scraped: Scraped) => void;
  readonly reject: (error: unknown) => void;
}

/** One gathering and those who wait for it. Aborted when the last of them has gone. */
class SharedGathering {
  /** When the first who joined is answered, by `performance.now()`; nobody joins after that. */
  readonly endsAt: number;
  readonly #options: PoolOptions;
  readonly #asked: Pick<ScrapeQuery, 'collect' | 'exclude'>;
  readonly #runs = new CollectorRuns();
  readonly #joiners = new Set<Joiner>();
  readonly #abort = new AbortController();
  readonly #backlog: Backlog;
  readonly #onEnd: () => void;
  /** Failures that were told. */
  readonly #told = new Set<string>();

  constructor(wish: ScrapeWish, options: PoolOptions, backlog: Backlog, onEnd: () => void) {
    const { collect, exclude } = wish.query;
    this.#options = options;
    this.#asked = { collect, exclude };
    this.#backlog = backlog;
    this.#onEnd = onEnd;
    this.endsAt = performance.now() + wish.budgetMs;
    this.#gather(wish.budgetMs);
  }

  join(wish: ScrapeWish): Promise<Scraped> {
    const { budgetMs, signal } = wish;
    const endsAt = performance.now() + budgetMs;
    this.#runs.extendTo(endsAt);
    return new Promise((resolve, reject) => {
      const late = () => this.#leave(joiner, new Error(`The registry took longer than ${budgetMs} ms.`));
      const timer = setTimeout(late, budgetMs + GRACE_MS);
      const joiner = { wish, endsAt, timer, resolve, reject };
      this.#joiners.add(joiner);
      signal.addEventListener('abort', () => this.#leave(joiner, signal.reason), { once: true });
      if (signal.aborted) this.#leave(joiner, signal.reason);
    });
  }

  #gather(timeoutMs: number): void {
    const asked = { ...this.#asked, timeoutMs, signal: this.#abort.signal, runs: this.#runs };
    callUserCode(
      async () => this.#finish(await this.#options.registry.gather(asked)),
      (thrown) => this.#giveUp(thrown),
    );
  }

  #leave(joiner: Joiner, reason: unknown): void {
    if (!this.#remove(joiner)) return;
    joiner.reject(reason);
    if (this.#joiners.size === 0) this.#end(reason);
  }

  #remove(joiner: Joiner): boolean {
    clearTimeout(joiner.timer);
    return this.#joiners.delete(joiner);
  }

  /** Answers those whose time is over, and all where no collector is late. */
  #finish(gathering: Gathering): void {
    this.#onEnd();
    const latest = this.#runs.arePending ? performance.now() + SHORTEST_WAIT_MS : Number.POSITIVE_INFINITY;
    const answered = [...this.#joiners].filter(({ endsAt }) => endsAt <= latest);
    if (answered.length > 0) this.#tell(gathering.failures);
    const alike = new Map<string, Joiner[]>();
    for (const joiner of answered) {
      const variant = variantOf(joiner.wish);
      alike.set(variant, [...(alike.get(variant) ?? []), joiner]);
    }
    for (const group of alike.values()) this.#serve(group, gathering);
    for (const joiner of answered) this.#remove(joiner);
    const soonest = Math.min(...Array.from(this.#joiners, ({ endsAt }) => endsAt));
    if (this.#joiners.size === 0) this.#end(undefined);
    else this.#gather(Math.max(soonest - performance.now(), 1));
  }

  #tell(failures: readonly CollectorFailure[]): void {
    for (const failure of failures) {
      const key = JSON.stringify([failure.collector, thrownText(failure.error)]);
      if (!this.#told.has(key)) this.#options.onFailure(failure, 'gathering');
      this.#told.add(key);
    }
  }

  /** All of them want the same bytes. */
  #serve(joiners: readonly Joiner[], gathering: Gathering): void {
    const [first] = joiners;
    if (first === undefined) return;
    const { failures, entries } = gathering;
    const pieces = new SharedPieces(this.#bodyFor(first.wish, gathering), this.#backlog);
    const readers = pieces.readers(joiners.map(({ wish }) => wish.cut));
    for (const [index, { resolve, wish }] of joiners.entries()) {
      const body = readers[index]!; // There is one for each.
      wish.signal.addEventListener('abort', () => body.leave(), { once: true });
      resolve({ body, failures, isEmpty: entries.length === 0 });
    }
  }

  #bodyFor({ query: { names }, negotiated, isZipped }: ScrapeWish, gathering: Gathering) {
    const { createdLines, onFailure, onOmitted } = this.#options;
    const shown = names === undefined ? gathering : gathering.only(new Set(names));
    const onProblem = (error: Error) => onFailure({ collector: 'encoder', error }, 'encoding');
    const body = encodedBody(shown, { negotiated, createdLines, onProblem, onOmitted });
    return isZipped ? zippedBody(body) : body;
  }

  #giveUp(error: unknown): void {
    const joiners = [...this.#joiners];
    this.#end(error);
    for (const joiner of joiners) {
      this.#remove(joiner);
      joiner.reject(error);
    }
  }

  /** Nobody waits any more: what still runs is told to stop. */
  #end(reason: unknown): void {
    this.#onEnd();
    if (reason !== undefined) this.#abort.abort(reason);
    if (this.#runs.arePending) this.#runs.abort(reason ?? new Error('No scrape waits any more.'));
  }
}

function variantOf({ negotiated: { contentType }, isZipped, query: { names } }: ScrapeWish): string {
  return JSON.stringify([contentType, isZipped, names?.toSorted()]);
}
