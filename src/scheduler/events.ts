import type { Logger } from '../model/logger.ts';
import { asError, callUserCode } from '../model/thrown.ts';
import type { RunEnd, RunSkip, RunStart } from './run-result.ts';
import type { TaskState } from './task.ts';

/** Events of a scheduler by name. Times are in milliseconds since the epoch. */
export interface SchedulerEvents {
  /** A run has started. */
  'run:start': RunStart;
  /** The outcome of a run is final. */
  'run:end': RunEnd;
  /** A run was due or requested and did not start. */
  'run:skip': RunSkip;
  /** Due times passed while the process slept or was blocked. */
  'run:miss': RunMiss;
  /** A run failed or timed out. */
  error: RunFailure;
  /** The state of a task has changed. */
  state: StateChange;
}

/** Due times that passed while the process slept or was blocked. */
export interface RunMiss {
  /** Name of the task. */
  readonly task: string;
  /** Number of due times, not counting the one that the catch-up run stands for. */
  readonly missed: number;
}

/** A change of a task's state. */
export interface StateChange {
  /** Name of the task. */
  readonly task: string;
  /** State before the change. */
  readonly from: TaskState;
  /** State after the change. */
  readonly to: TaskState;
}

/** A run that failed or timed out. */
export interface RunFailure {
  /** Name of the task. */
  readonly task: string;
  /** Reason for the failure. */
  readonly error: Error;
  /** The run that failed. */
  readonly run: RunEnd;
}

/** Called with each event. May return a promise. Errors are logged and affect no other listener. */
export type Listener<T> = (event: T) => void;

/** Listeners by event. One that throws, or returns a promise that rejects, is logged and does not affect the others. */
export class Listeners<Events> {
  readonly #logger: Logger;
  readonly #listeners: { [E in keyof Events]?: Set<{ readonly call: Listener<Events[E]> }> } = {};

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Calls the listener at each event until the returned function is called. */
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
        (thrown) => this.#logger.error(`A listener for ${String(event)} failed.`, { error: asError(thrown) }),
      );
    }
  }
}
