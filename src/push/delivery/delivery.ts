import { systemClock } from '../../scheduler/clock.ts';
import type { PushClient, PushRequest } from './push-client.ts';
import { PushError } from './push-error.ts';
import type { PushMetrics } from './push-metrics.ts';
import { isRetryable, isSuccess, type PushResponse } from './push-response.ts';
import type { Attempt, Retries, RetrySources } from './retries.ts';

interface DeliveryParts extends Pick<RetrySources, 'clock'> {
  readonly client: PushClient;
  readonly retries: Retries;
  readonly metrics: PushMetrics | undefined;
  /** Statuses to retry, by default 429 and 5xx. */
  readonly isRetryable?: ((status: number) => boolean) | undefined;
}

type Result = PushResponse | { readonly error: unknown };

/** Sends requests with retries, and records how they ended. */
export class Delivery {
  readonly #parts: DeliveryParts;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /**
   * Sends a request. Retries if the receiver does not answer, or answers with a status that is to be retried. Rejects with a
   * PushError unless the answer is 2xx, and with an Error if the receiver does not answer.
   */
  async send(request: PushRequest): Promise<PushResponse> {
    const { retries, metrics, client, clock = systemClock } = this.#parts;
    const start = clock.now();
    const ended = (outcome: 'success' | 'rejected' | 'failed') =>
      metrics?.pushed(outcome, (clock.now() - start) / 1000, request.body?.length ?? 0, clock.wall());
    try {
      const result = await retries.run(() => this.#attempt(request), { signal: request.signal });
      if ('error' in result) throw result.error;
      if (!isSuccess(result)) throw new PushError(`${request.method} ${client.url}`, result);
      ended('success');
      return result;
    } catch (error) {
      ended(error instanceof PushError ? 'rejected' : 'failed');
      throw error;
    }
  }

  async #attempt(request: PushRequest): Promise<Attempt<Result>> {
    try {
      const response = await this.#parts.client.send(request);
      const { isRetryable: mayRetry = isRetryable } = this.#parts;
      if (!mayRetry(response.status)) return { isFinal: true, value: response };
      return { isFinal: false, value: response, retryAfter: response.headers['retry-after'] };
    } catch (error) {
      request.signal?.throwIfAborted();
      return { isFinal: false, value: { error } };
    }
  }
}
