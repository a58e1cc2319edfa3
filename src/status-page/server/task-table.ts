import type { TaskState } from '../protocol.ts';

export const TASK_COLUMNS = ['Task', 'State', 'Last success', 'Next run', 'Failures in a row', 'Last error'];

/** Returns the texts of the row of a task, for pages without JavaScript. */
export function taskCells(
  task: Pick<TaskState, 'name' | 'state' | 'lastSuccessAt' | 'nextRunAt' | 'consecutiveFailures'>,
  lastError: string,
  now: number,
): readonly string[] {
  const { name, state, lastSuccessAt, nextRunAt, consecutiveFailures } = task;
  return [
    name,
    state,
    lastSuccessAt === undefined ? 'never' : `${seconds(now - lastSuccessAt)} ago`,
    nextRunAt === undefined ? 'none' : `in ${seconds(nextRunAt - now)}`,
    String(consecutiveFailures),
    consecutiveFailures === 0 ? '' : lastError,
  ];
}

/** At least 0: a clock that was set back leaves times in the future. */
function seconds(milliseconds: number): string {
  return `${Math.max(0, Math.round(milliseconds / 1000))} s`;
}
