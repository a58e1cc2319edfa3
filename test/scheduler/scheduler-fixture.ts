import type { Logger } from '../../src/scheduler/index.ts';
import { ManualClock, Scheduler, type SchedulerOptions } from '../../src/scheduler/index.ts';

/** Creates a scheduler with a manual clock, and records its log lines. */
export function setUpScheduler(options: SchedulerOptions = {}) {
  const clock = new ManualClock();
  const logged: string[] = [];
  const scheduler = new Scheduler({ clock, logger: recordingLogger(logged), ...options });
  return { clock, scheduler, logged };
}

/** Creates a promise that the test settles, for functions that are still busy. */
export function deferred() {
  let resolve = () => {};
  let reject = (_error: unknown) => {};
  const promise = new Promise<void>((whenDone, whenFailed) => {
    resolve = whenDone;
    reject = whenFailed;
  });
  return { promise, resolve, reject };
}

/** The function of a task that returns when its signal aborts. */
export function untilAborted({ signal }: { readonly signal: AbortSignal }): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

/** The function of a task that never returns and ignores its signal. */
export function forever(): Promise<never> {
  return new Promise(() => {});
}

function recordingLogger(logged: string[]): Logger {
  const log = (message: string) => void logged.push(message);
  return { debug: log, info: log, warn: log, error: log };
}
