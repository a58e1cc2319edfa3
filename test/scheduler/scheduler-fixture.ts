import type { Logger } from '../../src/scheduler/index.ts';
import { ManualClock, Scheduler, type SchedulerOptions } from '../../src/scheduler/index.ts';

/** A scheduler on a clock that stands still, and what it logged. */
export function setStage(options: SchedulerOptions = {}) {
  const clock = new ManualClock();
  const logged: string[] = [];
  const scheduler = new Scheduler({ clock, logger: recordingLogger(logged), ...options });
  return { clock, scheduler, logged };
}

/** A promise that the test settles, as the end of a function that takes its time. */
export function deferred() {
  let resolve = () => {};
  let reject = (_error: unknown) => {};
  const promise = new Promise<void>((whenDone, whenFailed) => {
    resolve = whenDone;
    reject = whenFailed;
  });
  return { promise, resolve, reject };
}

/** A task that ends when its signal aborts, and not before. */
export function untilAborted({ signal }: { readonly signal: AbortSignal }): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

/** A task that never ends, whatever its signal says. */
export function forever(): Promise<never> {
  return new Promise(() => {});
}

function recordingLogger(logged: string[]): Logger {
  const log = (message: string) => void logged.push(message);
  return { debug: log, info: log, warn: log, error: log };
}
