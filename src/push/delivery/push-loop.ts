import { type Duration, parseDuration } from '../../model/duration.ts';
import type { Logger } from '../../model/logger.ts';
import { asError, callUserCode } from '../../model/thrown.ts';
import { systemClock } from '../../scheduler/clock.ts';
import { warningLogger } from '../../scheduler/field-logger.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { withTimeout } from './abortable.ts';
import type { RetrySources } from './retries.ts';

/** Time, randomness and the scheduler of a delivery, instead of its own. */
export interface DeliverySources extends RetrySources {
  /** Scheduler that runs the delivery as a task. It is started and stopped with the delivery. */
  readonly scheduler?: Scheduler | undefined;
}

interface PushLoopOptions extends DeliverySources {
  /** Names the loop in the log. */
  readonly name: string;
  readonly interval: Duration;
  readonly push: (signal: AbortSignal) => Promise<unknown>;
  /** The last call, in `stop()`. */
  readonly last: (signal: AbortSignal) => Promise<unknown>;
  readonly logger: Logger | undefined;
}

/**
 * Pushes at regular intervals, never two at once, the first after a random part of the interval. Failures are logged;
 * the intervals then grow. Does not keep the process alive.
 */
export class PushLoop {
  readonly #options: PushLoopOptions;
  readonly #scheduler: Scheduler;
  #isStarted = false;
  #stopped: Promise<boolean> | undefined;

  constructor(options: PushLoopOptions) {
    const { name, interval, push, logger = warningLogger, clock = systemClock, random = Math.random } = options;
    this.#options = options;
    this.#scheduler = options.scheduler ?? new Scheduler({ logger, clock, random, unref: true });
    const intervalMs = parseDuration(interval, { name: 'interval' });
    this.#scheduler.every(intervalMs, ({ signal }) => push(signal), {
      name,
      immediate: Math.max(1, random() * intervalMs),
      backoff: { after: 2 },
    });
  }

  /** Throws an Error while the loop is stopping. Does nothing if it is started. */
  start(): void {
    this.#scheduler.start();
    this.#isStarted = true;
    this.#stopped = undefined;
  }

  /** Aborts a push in flight and makes the last call. Resolves with whether that succeeded within the timeout. */
  stop(timeout: Duration): Promise<boolean> {
    const timeoutMs = parseDuration(timeout, { name: 'timeout' });
    this.#stopped ??= this.#isStarted ? this.#stop(timeoutMs) : Promise.resolve(true);
    this.#isStarted = false;
    return this.#stopped;
  }

  async #stop(timeoutMs: number): Promise<boolean> {
    const { name, last, logger = warningLogger } = this.#options;
    const { signal, release } = withTimeout(timeoutMs);
    try {
      await this.#scheduler.stop({ timeout: timeoutMs, abort: 'now' });
      await last(signal);
      return true;
    } catch (error) {
      callUserCode(() => logger.error(`The last ${name} failed.`, { error: asError(error) }));
      return false;
    } finally {
      release();
    }
  }
}
