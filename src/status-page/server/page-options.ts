import type { Gatherer } from '../../registry/gathering.ts';
import type { Clock } from '../../scheduler/clock.ts';
import type { Task } from '../../scheduler/task.ts';
import type { Health, ScrapeRecord, Setting } from '../protocol.ts';

/** Options of {@link statusPage}. */
export interface StatusPageOptions {
  /**
   * Registry, or merged registries, to show.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: Gatherer | undefined;
  /**
   * Scheduler whose tasks are shown. Without it, the page has no tab for tasks.
   *
   * @defaultValue no tasks
   */
  readonly scheduler?: TaskSource | undefined;
  /**
   * Name of the program.
   *
   * @defaultValue `'Node.js'`
   */
  readonly name?: string | undefined;
  /**
   * Sentence on what the program does.
   *
   * @defaultValue `''`
   */
  readonly description?: string | undefined;
  /**
   * Version of the program.
   *
   * @defaultValue `'unknown'`
   */
  readonly version?: string | undefined;
  /**
   * When history is kept: while a page is `open`, or `always`.
   *
   * @defaultValue `'open'`
   */
  readonly history?: 'open' | 'always' | undefined;
  /**
   * Maximum number of open pages; further ones are answered with status 503.
   *
   * @defaultValue `10`
   */
  readonly maxViewers?: number | undefined;
  /**
   * Whether the page has buttons that run tasks. A request must then have an IP address, `localhost`, the name of the
   * machine or one of `allowedHosts` as its host, and must not come from a page of another site.
   *
   * @defaultValue `false`
   */
  readonly runTasks?: boolean | undefined;
  /**
   * Additional host names, without ports, that requests to run a task may have.
   *
   * @defaultValue none
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /**
   * URL of a trace that exemplars link to, with `http://` or `https://` and the names of exemplar labels in braces:
   * `https://traces.example.com/trace/{trace_id}`.
   *
   * @defaultValue no links
   */
  readonly traceUrl?: string | undefined;
}

/** Source of the tasks of a page, such as a `Scheduler`. */
export interface TaskSource {
  /** The tasks. */
  readonly tasks?: readonly ShownTask[] | undefined;
}

/** A task as the page shows it. */
export interface ShownTask extends Pick<Task, 'name' | 'status'> {
  /** Runs the task now. Without it, the page cannot run the task. */
  runNow?(): unknown;
}

/** A scrape with the Accept header that its format follows from. */
export type RecordedScrape = Omit<ScrapeRecord, 'format'> & { readonly accept: string };

/** Parts that only an exporter and the `zeroprom` command pass to the page. */
export interface PageContext {
  readonly links?: readonly { readonly path: string; readonly text: string }[];
  readonly health?: () => Health;
  /** Latest first. */
  readonly scrapes?: () => readonly RecordedScrape[];
  readonly configuration?: readonly Setting[];
  readonly notes?: readonly string[];
  readonly clock?: Clock;
  readonly intervalMs?: number;
  /**
   * How this process is measured: `thread` without what the event loop of the main thread does, `none` if the metrics are
   * those of another process.
   *
   * @defaultValue `'all'`
   */
  readonly measures?: 'all' | 'thread' | 'none';
  /**
   * Whether the metrics are those of another program: the version is then taken from them, and the configuration is unknown.
   *
   * @defaultValue `false`
   */
  readonly isOtherProgram?: boolean;
  /** Why tasks cannot be run, as a sentence. */
  readonly runRefusal?: string;
}
