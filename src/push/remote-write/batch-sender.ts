import type { Logger } from '../../model/logger.ts';
import { asError, callUserCode } from '../../model/thrown.ts';
import type { Clock } from '../../scheduler/clock.ts';
import { inSteps } from '../delivery/encode-body.ts';
import type { PushClient } from '../delivery/push-client.ts';
import { PushError } from '../delivery/push-error.ts';
import { isRetryable, isSuccess, type PushResponse } from '../delivery/push-response.ts';
import type { Attempt, Retries } from '../delivery/retries.ts';
import type { Accounts } from './accounts.ts';
import { withClassicBuckets } from './custom-buckets.ts';
import type { QueuedBatch } from './sample-queue.ts';
import { snappySteps } from './snappy.ts';
import { type Batch, REQUEST_HEADERS, type RemoteWriteVersion, requestSteps } from './write-requests.ts';

/** Outcome of a batch. All other samples of it were rejected. */
export interface BatchResult {
  readonly written: number;
  readonly tooOld: number;
}

export interface SenderOptions {
  readonly client: PushClient;
  readonly retries: Retries;
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Sends batches until the receiver has acknowledged or refused them, and finds out which version of the protocol it has:
 * receivers of version 1.0 answer requests of version 2.0 with 2xx, but store nothing.
 */
export class BatchSender {
  readonly #options: SenderOptions;
  /** Whether the receiver has answered as one of version 2.0. */
  #hasVersion2 = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Rejects only if `signal` aborts. */
  async deliver(batch: QueuedBatch, signal: AbortSignal): Promise<BatchResult> {
    try {
      return await this.#deliver(batch, signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#warn('Remote write could not encode samples.', error, 0);
      return NOTHING;
    }
  }

  async #deliver(batch: QueuedBatch, signal: AbortSignal): Promise<BatchResult> {
    const body = new Body(batch);
    const result = await this.#options.retries.run((failures) => this.#attempt(batch, body, failures, signal), {
      signal,
      isBackground: true,
    });
    if (result !== 'too large') return result;
    const middle = Math.ceil((batch.from + batch.to) / 2);
    const first = await this.deliver({ ...batch, to: middle }, signal);
    const second = await this.deliver({ ...batch, from: middle }, signal);
    return { written: first.written + second.written, tooOld: first.tooOld + second.tooOld };
  }

  async #attempt(batch: QueuedBatch, body: Body, failures: number, signal: AbortSignal): Promise<BatchAttempt> {
    if (batch.expiresAt <= this.#options.clock.now()) return final({ written: 0, tooOld: sizeOf(batch) });
    let version = this.#options.accounts.version;
    let response = await this.#send(version, body, failures, signal);
    if (response !== undefined && version === '2.0' && this.#suggestsVersion1(response)) {
      version = '1.0';
      response = await this.#send(version, body, failures, signal);
      if (response !== undefined && isSuccess(response)) this.#fallBack();
    }
    return response === undefined
      ? { isFinal: false, value: NOTHING }
      : this.#assess(version, batch, response, failures);
  }

  /** Returns undefined if there was no answer. */
  async #send(
    version: RemoteWriteVersion,
    body: Body,
    failures: number,
    signal: AbortSignal,
  ): Promise<PushResponse | undefined> {
    const { client, accounts, clock } = this.#options;
    const bytes = await body.of(version);
    const startedAt = clock.now();
    const retry = failures === 0 ? {} : { 'retry-attempt': String(failures) };
    accounts.requests++;
    accounts.sentBytes += bytes.length;
    if (failures > 0) accounts.retries++;
    try {
      return await client.send({
        method: 'POST',
        headers: { ...REQUEST_HEADERS[version], ...retry },
        body: bytes,
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      this.#warn('A request of remote write failed; it will be sent again.', error, failures);
      return undefined;
    } finally {
      accounts.requestSeconds += (clock.now() - startedAt) / 1000;
    }
  }

  /** Whether this is the answer of a receiver of version 1.0 to a request of version 2.0. */
  #suggestsVersion1({ status, headers }: PushResponse): boolean {
    if (WRITTEN_HEADERS.some((name) => headers[name] !== undefined)) this.#hasVersion2 = true;
    else return isSuccess({ status }) || status === 415 || (status === 400 && !this.#hasVersion2);
    return false;
  }

  #fallBack(): void {
    const { accounts, logger } = this.#options;
    if (accounts.version === '1.0') return;
    accounts.version = '1.0';
    callUserCode(() =>
      logger.info('The receiver does not support remote write 2.0; using 1.0.', { url: accounts.url }),
    );
  }

  #assess(version: RemoteWriteVersion, batch: QueuedBatch, response: PushResponse, failures: number): BatchAttempt {
    const { status, headers } = response;
    if (isRetryable(status)) {
      const error = new PushError(`POST ${this.#options.client.url}`, response);
      this.#warn('A request of remote write failed; it will be sent again.', error, failures);
      return { isFinal: false, value: NOTHING, retryAfter: headers['retry-after'] };
    }
    if (status === 413 && sizeOf(batch) > 1) return final('too large');
    const written = writtenOf(version, batch, response);
    if (written < sizeOf(batch)) {
      const error = new PushError(`POST ${this.#options.client.url}`, response);
      this.#warn('The receiver of remote write has refused samples.', error, 0);
    }
    return final({ written, tooOld: 0 });
  }

  /** Logs the first failure of a batch. */
  #warn(message: string, error: unknown, failures: number): void {
    if (failures > 0) return;
    const { accounts, logger } = this.#options;
    callUserCode(() => logger.warn(message, { url: accounts.url, error: asError(error) }));
  }
}

type BatchAttempt = Attempt<BatchResult | 'too large'>;

const NOTHING: BatchResult = { written: 0, tooOld: 0 };
const WRITTEN_HEADERS = [
  'x-prometheus-remote-write-samples-written',
  'x-prometheus-remote-write-histograms-written',
  'x-prometheus-remote-write-exemplars-written',
];

/** The body of a batch, kept for retries. */
class Body {
  readonly #batch: Batch;
  #version: RemoteWriteVersion | undefined;
  #bytes: Uint8Array = new Uint8Array();

  constructor(batch: Batch) {
    this.#batch = batch;
  }

  async of(version: RemoteWriteVersion): Promise<Uint8Array> {
    if (version !== this.#version) {
      const batch = version === '1.0' ? await inSteps(withClassicBuckets(this.#batch)) : this.#batch;
      const message = await inSteps(requestSteps(version, batch));
      this.#bytes = await inSteps(snappySteps(message));
    }
    this.#version = version;
    return this.#bytes;
  }
}

function final(value: BatchResult | 'too large'): BatchAttempt {
  return { isFinal: true, value };
}

function sizeOf({ from, to }: Batch): number {
  return to - from;
}

/**
 * Returns how many samples the receiver has written. Headers may say too much: never more than was sent. Receivers of
 * version 1.0 without headers have written everything or nothing.
 */
function writtenOf(version: RemoteWriteVersion, batch: Batch, { status, headers }: PushResponse): number {
  const [samples, histograms] = WRITTEN_HEADERS.map((name) => headers[name]);
  if (samples === undefined && histograms === undefined)
    return version === '1.0' && isSuccess({ status }) ? sizeOf(batch) : 0;
  if (!isSuccess({ status }) && status < 400) return 0;
  const sentHistograms = countHistograms(version, batch);
  const sentSamples = sizeOf(batch) - sentHistograms;
  return Math.min(sentSamples, countIn(samples)) + Math.min(sentHistograms, countIn(histograms));
}

function countIn(header: string | undefined): number {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : 0;
}

/** Counts native histograms. In version 1.0, those with custom buckets were sent as series. */
function countHistograms(version: RemoteWriteVersion, { samples, from, to }: Batch): number {
  let count = 0;
  for (const [index, { histogram, custom }] of samples.extras) {
    const isHistogram = histogram !== undefined || (custom !== undefined && version === '2.0');
    if (isHistogram && index >= from && index < to) count++;
  }
  return count;
}
