import type { RequestListener, ServerResponse } from 'node:http';
import { LONGEST_DELAY_MS } from '../model/duration.ts';
import { innerListener, type NodeListener, nodeListener } from './node-listener.ts';
import { onceClosed } from './response/response-close.ts';
import { type KnownScraper, KnownScrapers } from './scrape/known-scrapers.ts';
import { isWholeScrape } from './scrape/query.ts';

/** Options of {@link Lingering.linger}. */
export interface LingerOptions {
  /** Maximum time to wait, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Ends the wait early.
   *
   * @defaultValue none
   */
  readonly signal?: AbortSignal;
}

/** A metrics handler that can be waited for, returned by {@link withLinger}. */
export interface Lingering {
  /** Answers requests as the original handler does. Serve it in its place. */
  readonly handler: NodeListener;
  /**
   * Waits until each scraper that has been seen within its last two intervals has completely read a scrape that began
   * after this call. Call it when the values are final, while the server still listens. Resolves with the scrapers that
   * have not, as address and User-Agent: none, unless the time is over or the signal is aborted.
   *
   * @throws {RangeError} if `timeoutMs` is not a number of at least 0.
   */
  linger(options: LingerOptions): Promise<readonly string[]>;
}

/** A scrape that is being answered. */
interface Answer {
  readonly response: ServerResponse;
  /** Whether it shows the final values. */
  readonly isFinal: boolean;
}

/**
 * Lets a process wait at its end until the last values of its metrics have been scraped. Otherwise, what happened since
 * the last scrape is lost: a minute of requests at each deployment, if Prometheus scrapes once a minute.
 *
 * Scrapers are told apart by address and User-Agent. A client counts as a scraper if it sends the header
 * `X-Prometheus-Scrape-Timeout-Seconds`, as Prometheus does, or from its second scrape on. Scrapes of only some
 * families or collectors do not count. Prometheus must not drop the target when the process begins to stop: in
 * Kubernetes, use a PodMonitor, or a headless Service with `publishNotReadyAddresses`.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { metricsHandler, withLinger } from 'zeroprom/http';
 *
 * const metrics = withLinger(metricsHandler());
 * const server = createServer(metrics.handler).listen(0);
 *
 * async function stop() {
 *   // First end the work that changes metrics, then:
 *   const missing = await metrics.linger({ timeoutMs: 60_000 });
 *   if (missing.length > 0) console.error('Not scraped at the end:', missing);
 *   server.close();
 * }
 * await stop();
 * ```
 */
export function withLinger(handler: RequestListener): Lingering {
  return new LingeringHandler(handler);
}

class LingeringHandler implements Lingering {
  readonly #scrapers = new KnownScrapers();
  readonly #answers = new Set<Answer>();
  /** Set when the values are final: the scrapers that have yet to read them. */
  #missing: MissingScrapers | undefined = undefined;
  readonly #answer: RequestListener;

  constructor(handler: RequestListener) {
    this.#answer = innerListener(handler);
  }

  readonly handler = nodeListener((request, response) => {
    if (isWholeScrape(request)) this.#follow(this.#scrapers.seen(request), response);
    this.#answer(request, response);
  });

  async linger({ timeoutMs, signal }: LingerOptions): Promise<readonly string[]> {
    if (!(timeoutMs >= 0)) throw new RangeError(`timeoutMs must be a number of at least 0, got ${timeoutMs}.`);
    const missing = new MissingScrapers(this.#scrapers.recent());
    this.#missing = missing;
    await missing.wait(Math.min(timeoutMs, LONGEST_DELAY_MS), signal);
    return missing.names;
  }

  #follow(scraper: KnownScraper, response: ServerResponse): void {
    // As long as a scrape from before the wait is being gathered, a new one may share its values.
    const isFinal =
      this.#missing !== undefined && [...this.#answers].every((other) => other.isFinal || other.response.headersSent);
    const answer = { response, isFinal };
    this.#answers.add(answer);
    onceClosed(response, (isWhole) => {
      this.#answers.delete(answer);
      if (isFinal && isWhole && response.statusCode === 200) this.#missing?.delete(scraper);
    });
  }
}

/** The scrapers that have yet to read the final values. */
class MissingScrapers {
  readonly #scrapers: Set<KnownScraper>;
  #onEmpty: () => void = () => {};

  constructor(scrapers: Iterable<KnownScraper>) {
    this.#scrapers = new Set(scrapers);
  }

  get names(): readonly string[] {
    return Array.from(this.#scrapers, ({ name }) => name);
  }

  delete(scraper: KnownScraper): void {
    this.#scrapers.delete(scraper);
    if (this.#scrapers.size === 0) this.#onEmpty();
  }

  /** Waits until there are none. */
  async wait(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#scrapers.size === 0 || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, timeoutMs);
      signal?.addEventListener('abort', end);
      this.#onEmpty = end;
    });
  }
}
