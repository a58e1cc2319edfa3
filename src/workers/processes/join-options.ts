import type { Duration } from '../../model/duration.ts';
import type { OptionNames } from '../../model/option-names.ts';
import type { Gatherer } from '../../registry/gathering.ts';
import { MEETING_OPTIONS, type MeetingOptions } from './meeting/meeting-group.ts';

/** Options of `joinWorkers()`. */
export interface JoinWorkersOptions extends MeetingOptions {
  /**
   * Registry whose metrics are shown together with those of the other processes.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: Gatherer | undefined;
  /**
   * How often the values are saved if they have changed. A process that is killed loses what it has counted since.
   *
   * @defaultValue `'5s'`
   */
  readonly saveInterval?: Duration | undefined;
  /**
   * Called with problems that do not prevent scrapes, such as a full disk. Its errors are ignored.
   *
   * @defaultValue they are only counted, in `zeroprom_worker_errors_total`
   */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** Names of the options, which JavaScript programs may misspell. */
export const JOIN_OPTIONS: OptionNames<JoinWorkersOptions> = {
  ...MEETING_OPTIONS,
  registry: true,
  saveInterval: true,
  onError: true,
};
