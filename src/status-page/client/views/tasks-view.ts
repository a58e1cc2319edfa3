import type { TaskState } from '../../protocol.ts';
import { runTask } from '../data/connection.ts';
import { formatAge, formatNumber, formatSeconds } from '../data/value-format.ts';
import type { PageContext } from '../page/context.ts';
import { el, setText } from '../page/dom.ts';
import type { View } from '../page/tab-view.ts';
import { ageCell, type Column, Table } from './live-table.ts';

/** The tasks of the scheduler, those that fail first. */
export class TasksView implements View {
  readonly id = 'tasks';
  readonly title = 'Tasks';
  readonly element: HTMLElement;
  readonly #app: PageContext;
  readonly #message = el('p', { class: 'message', role: 'status' });
  readonly #table: Table<TaskState>;

  constructor(app: PageContext) {
    this.#app = app;
    this.#table = new Table('Tasks', 'No tasks are scheduled.', this.#columns());
    this.element = el('div', {}, this.#message, this.#table.element);
  }

  get badge(): string {
    return formatNumber(this.#tasks.length);
  }

  get failing(): number {
    return this.#tasks.filter(({ consecutiveFailures }) => consecutiveFailures > 0).length;
  }

  update(): void {
    this.#table.show(this.#tasks, ({ name }) => name);
  }

  get #tasks(): readonly TaskState[] {
    return this.#app.store.state.tasks ?? [];
  }

  #columns(): Column<TaskState>[] {
    const now = () => this.#app.store.state.time;
    return [
      {
        title: 'State',
        cell: ({ state, isRunning, consecutiveFailures }) => ({
          text: consecutiveFailures > 0 ? 'Failing' : isRunning ? 'Running' : capitalized(state),
          kind: consecutiveFailures > 0 ? 'bad' : 'good',
        }),
      },
      { title: 'Task', cell: ({ name }) => ({ text: name, kind: 'name' }) },
      { title: 'Interval', isNumber: true, cell: ({ intervalMs }) => formatSeconds(intervalMs / 1000) },
      { title: 'Last run', cell: ({ lastStartAt }) => ageCell(formatAge(lastStartAt, now())) },
      { title: 'Last success', cell: ({ lastSuccessAt }) => ageCell(formatAge(lastSuccessAt, now())) },
      {
        title: 'Duration',
        isNumber: true,
        cell: ({ lastDurationMs }) => (lastDurationMs === undefined ? '' : formatSeconds(lastDurationMs / 1000)),
      },
      {
        title: 'Next run',
        cell: ({ nextRunAt }) => ageCell(nextRunAt === undefined ? 'none' : formatAge(nextRunAt, now())),
      },
      {
        title: 'Runs',
        isNumber: true,
        cell: runsText,
      },
      {
        title: 'Last error',
        cell: ({ lastError = '', consecutiveFailures }) => ({
          text: lastError,
          kind: consecutiveFailures > 0 ? 'error' : 'muted',
          title: lastError,
        }),
      },
      ...(this.#app.store.state.about.canRunTasks
        ? [{ title: 'Run', cell: () => '', action: (task: TaskState) => this.#runButton(task) }]
        : []),
    ];
  }

  #runButton({ name }: TaskState): HTMLElement {
    const button = el('button', { type: 'button', class: 'quiet', 'aria-label': `Run now: ${name}` }, 'Run now');
    button.addEventListener('click', async () => {
      button.disabled = true;
      try {
        setText(this.#message, (await runTask(name)) ?? `${name} was started.`);
      } catch {
        setText(this.#message, `${name} could not be started: the server does not answer.`);
      }
      button.disabled = false;
    });
    return button;
  }
}

function runsText({ successes, failures, skipped }: TaskState): string {
  const parts = [`${formatNumber(successes)} ok`];
  if (failures > 0) parts.push(`${formatNumber(failures)} failed`);
  if (skipped > 0) parts.push(`${formatNumber(skipped)} skipped`);
  return parts.join(' · ');
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
