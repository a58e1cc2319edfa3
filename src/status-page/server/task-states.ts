import { thrownText } from '../../model/thrown.ts';
import type { TaskState } from '../protocol.ts';
import { cut } from '../sampling/shown-text.ts';
import type { ShownTask } from './page-options.ts';

/** More tasks are not shown. */
const MAX_TASKS = 500;

/** Returns the tasks as the page shows them: failing ones first. */
export function taskStates(tasks: readonly ShownTask[]): readonly TaskState[] {
  const states = tasks.slice(0, MAX_TASKS).map(({ name, status }) => {
    const { state, isRunning, isReady, intervalMs, nextRunAt, lastStartAt, lastSuccessAt, lastDurationMs } = status;
    const { consecutiveFailures, lastError, counts } = status;
    return {
      name: cut(name),
      state,
      isRunning,
      isReady,
      intervalMs,
      nextRunAt,
      lastStartAt,
      lastSuccessAt,
      lastDurationMs,
      lastError: lastError === undefined ? undefined : cut(thrownText(lastError)),
      consecutiveFailures,
      successes: counts.success,
      failures: counts.error + counts.timeout,
      skipped: counts.skipped,
    };
  });
  return states.sort((a, b) => b.consecutiveFailures - a.consecutiveFailures);
}
