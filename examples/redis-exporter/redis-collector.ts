import type { CollectContext, Collector, MetricFamily } from 'zeroprom';
import { type RedisClient, RedisError } from './redis-client.ts';
import { familiesOf } from './redis-info.ts';

/** Asks a Redis server for its state at each scrape. */
export class RedisCollector implements Collector {
  readonly name = 'redis';
  /** This gauge is 1 if `collect()` succeeds, and 0 if it fails or is late. */
  readonly up = 'redis_up';
  readonly #client: Pick<RedisClient, 'send'>;
  readonly #timeoutMs: number;

  constructor(client: Pick<RedisClient, 'send'>, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  async collect({ signal }: CollectContext): Promise<MetricFamily[]> {
    // The signal aborts shortly before Prometheus gives up, whatever its scrape timeout is.
    const info = await this.#client.send(['INFO'], AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]));
    const families = familiesOf(info);
    if (families.length === 0) throw new RedisError('The answer to INFO has none of the expected fields.');
    return families;
  }
}
