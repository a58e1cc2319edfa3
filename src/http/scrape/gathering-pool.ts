import type { FormatOptions } from '../../exposition/format.ts';
import type { Negotiated } from '../../exposition/negotiate.ts';
import { callUserCode } from '../../model/user-code.ts';
import { currentLink } from '../../registry/gather-chain.ts';
import type { CollectorFailure, Gatherer, Gathering } from '../../registry/gathering.ts';
import { Backlog } from './backlog.ts';
import { encodedBody, zippedBody } from './body.ts';
import { type PieceReader, SharedPieces } from './pieces.ts';
import type { ScrapeQuery } from './query.ts';

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

/**
 * Scrapes that come while a gathering is under way share it, with one encoding for each format. They do not where it
 * would end too late for them. What is done is not kept: the next scrape begins a new one.
 */
export class GatheringPool {
  readonly #options: PoolOptions;
  readonly #shared = new Map<string, SharedGathering>();
  readonly #backlog = new Backlog(MOST_BEHIND_BYTES);

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Rejects where nothing can be gathered, or when the scraper goes. */
  scrape(wish: ScrapeWish): Promise<Scraped> {
    const { collect, exclude } = wish.query;
    const key = JSON.stringify([collect?.toSorted(), exclude?.toSorted()]);
    const running = this.#shared.get(key);
    // A collector that scrapes would wait for itself; on its own, the registry tells which it is.
    const isNested = currentLink() !== undefined;
    const isInTime = running !== undefined && running.endsAt <= performance.now() + wish.budgetMs;
    if (isInTime && !isNested) return running.join(wish);
    const shared: SharedGathering = new SharedGathering(wish, this.#options, this.#backlog, () => {
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
    });
    if (!isNested) this.#shared.set(key, shared);
    return shared.join(wish);
  }
}

interface Joiner {
  readonly wish: ScrapeWish;
  readonly resolve: (scraped: Scraped) => void;
  readonly reject: (error: unknown) => void;
}

/** One gathering and those who wait for it. Aborted when the last of them has gone. */
class SharedGathering {
  /** By the clock of `performance.now()`. */
  readonly endsAt: number;
  readonly #options: PoolOptions;
  readonly #joiners = new Set<Joiner>();
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #backlog: Backlog;
  readonly #onEnd: () => void;

  constructor(wish: ScrapeWish, options: PoolOptions, backlog: Backlog, onEnd: () => void) {
    const {
      budgetMs,
      query: { collect, exclude },
    } = wish;
    this.#options = options;
    this.#backlog = backlog;
    this.#onEnd = onEnd;
    this.endsAt = performance.now() + budgetMs;
    this.#timer = setTimeout(
      () => this.#giveUp(new Error(`The registry took longer than ${budgetMs} ms.`)),
      budgetMs + GRACE_MS,
    );
    const asked = { signal: this.#abort.signal, timeoutMs: budgetMs, collect, exclude };
    callUserCode(
      async () => this.#finish(await options.registry.gather(asked)),
      (thrown) => this.#giveUp(thrown),
    );
  }

  join(wish: ScrapeWish): Promise<Scraped> {
    return new Promise((resolve, reject) => {
      const joiner = { wish, resolve, reject };
      this.#joiners.add(joiner);
      wish.signal.addEventListener('abort', () => this.#leave(joiner), { once: true });
      if (wish.signal.aborted) this.#leave(joiner);
    });
  }

  #leave(joiner: Joiner): void {
    if (!this.#joiners.delete(joiner)) return;
    joiner.reject(joiner.wish.signal.reason);
    if (this.#joiners.size === 0) this.#end(joiner.wish.signal.reason);
  }

  #finish(gathering: Gathering): void {
    const alike = new Map<string, Joiner[]>();
    for (const joiner of this.#joiners) {
      const variant = variantOf(joiner.wish);
      alike.set(variant, [...(alike.get(variant) ?? []), joiner]);
    }
    if (alike.size > 0) for (const failure of gathering.failures) this.#options.onFailure(failure, 'gathering');
    for (const group of alike.values()) this.#serve(group, gathering);
    this.#end(undefined);
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
    for (const { reject } of joiners) reject(error);
  }

  /** Nobody joins any more. With a reason the collectors are told to stop. */
  #end(reason: unknown): void {
    clearTimeout(this.#timer);
    this.#joiners.clear();
    this.#onEnd();
    if (reason !== undefined) this.#abort.abort(reason);
  }
}

function variantOf({ negotiated: { contentType }, isZipped, query: { names } }: ScrapeWish): string {
  return JSON.stringify([contentType, isZipped, names?.toSorted()]);
}
