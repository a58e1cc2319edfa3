import { asError } from '../model/thrown.ts';
import { callUserCode } from '../model/user-code.ts';
import type { Logger } from './field-logger.ts';
import type { RunEnd, RunSkip, RunStart } from './run-result.ts';
import type { TaskState } from './task.ts';

/** What a scheduler tells. Times are milliseconds since the epoch. */
export interface SchedulerEvents {
  'run:start': RunStart;
  'run:end': RunEnd;
  'run:skip': RunSkip;
  /** Due times that nobody could serve, because the process slept or was blocked. */
  'run:miss': RunMiss;
  /** A run that failed or took too long. */
  error: RunFailure;
  state: StateChange;
}

export interface RunMiss {
  readonly task: string;
  readonly missed: number;
}

export interface StateChange {
  readonly task: string;
  readonly from: TaskState;
  readonly to: TaskState;
}

export interface RunFailure {
  readonly task: string;
  readonly error: Error;
  readonly run: RunEnd;
}

export type Listener<T> = (event: T) => void;

/** Listeners by event. One that throws, or returns a promise that rejects, is logged and keeps nobody else waiting. */
export class Listeners<Events> {
  readonly #logger: Logger;
  readonly #listeners: { [E in keyof Events]?: Set<{ readonly call: Listener<Events[E]> }> } = {};

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Calls the listener at each such event until the returned function is called. */
  on<E extends keyof Events>(event: E, listener: Listener<Events[E]>): () => void {
    const entry = { call: listener };
    const listeners = this.#listeners[event] ?? new Set();
    this.#listeners[event] = listeners;
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    const listeners = this.#listeners[event];
    if (!listeners || listeners.size === 0) return;
    for (const { call } of [...listeners]) {
      callUserCode(
        () => call(payload),
        (thrown) => this.#report(event, thrown),
      );
    }
  }

  #report(event: keyof Events, thrown: unknown): void {
    this.#logger.error(`A listener for ${String(event)} failed.`, { error: asError(thrown) });
  }
}
