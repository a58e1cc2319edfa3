import { isMainThread } from 'node:worker_threads';
import { checkLabelName } from '../../model/naming.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import {
  type Gatherer,
  type Gathering,
  type GatherOptions,
  namedPart,
  type WorkerSource,
} from '../../registry/gathering.ts';
import { type ThreadMembers, threadMembers } from '../threads/thread-members.ts';
import { isClusterWorker, MEETING_OPTIONS, type MeetingOptions, meetingPath } from './meeting/meeting-group.ts';
import { joinedDirectory } from './membership.ts';
import { groupAt, type WorkerGroup } from './worker-group.ts';

/** Options of `collectWorkers()`. */
export interface CollectWorkersOptions extends MeetingOptions {
  /**
   * Name of the label with the number of the worker, for series that are not merged.
   *
   * @defaultValue `'worker'`
   */
  readonly label?: string | undefined;
}

const COLLECT_OPTIONS: OptionNames<CollectWorkersOptions> = {
  ...MEETING_OPTIONS,
  label: true,
};

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Returns the metrics of all processes that have called `joinWorkers()`, to be scraped like a registry. Call it in any of
 * them, or in their parent. Counters, histograms and summaries are added, also those of processes that have ended; gauges
 * are shown as their option `acrossWorkers` says. A process that does not answer in time is shown with its last values.
 *
 * In the main thread, the result also has the metrics of all worker threads that have called `joinWorkers()`, unless
 * `directory` or `group` is given. They are read in shared memory.
 *
 * @throws {TypeError | RangeError} if an option is invalid.
 *
 * @example
 * ```ts
 * import { fork } from 'node:child_process';
 * import { Counter, Registry } from 'zeroprom';
 * import { collectWorkers, joinWorkers } from 'zeroprom/workers';
 *
 * if (process.send === undefined) {
 *   const child = fork(import.meta.filename);
 *   child.on('exit', async () => console.log(await Registry.merge(collectWorkers()).expose()));
 * } else {
 *   new Counter({ name: 'jobs_total', help: 'Finished jobs.' }).inc();
 *   await joinWorkers();
 *   process.disconnect();
 * }
 * ```
 */
export function collectWorkers(options: CollectWorkersOptions = {}): Gatherer {
  checkOptionNames('collectWorkers()', options, COLLECT_OPTIONS);
  const { directory, group, label = 'worker' } = options;
  checkLabelName(label, 'collectWorkers()');
  const isChosen = directory !== undefined || group !== undefined;
  if (isChosen) meetingPath(options, isClusterWorker());
  return new WorkersGatherer(
    () => (isChosen ? undefined : joinedDirectory()) ?? meetingPath(options, isClusterWorker()),
    label,
    isMainThread && !isChosen ? threadMembers() : undefined,
  );
}

class WorkersGatherer implements Gatherer {
  readonly #path: () => string;
  readonly #label: string;
  readonly #threads: ThreadMembers | undefined;

  /** `path` is called at each scrape: the process may join meanwhile. */
  constructor(path: () => string, label: string, threads: ThreadMembers | undefined) {
    this.#path = path;
    this.#label = label;
    this.#threads = threads;
  }

  async gather({ timeoutMs = DEFAULT_TIMEOUT_MS, signal, names }: GatherOptions = {}): Promise<Gathering> {
    return namedPart(await this.#group.gather(timeoutMs, signal), names);
  }

  /** @internal */
  readonly workers: WorkerSource = {
    gather: (choice, { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = {}) =>
      this.#group.gatherApart(choice, timeoutMs, signal),
  };

  get #group(): WorkerGroup {
    return groupAt(this.#path(), this.#label, this.#threads);
  }
}
