import type { ActiveRuns } from './active-runs.ts';
import type { Clock } from './clock.ts';
import type { Listeners, SchedulerEvents } from './events.ts';
import type { Logger } from './field-logger.ts';
import type { Slots } from './slots.ts';
import type { Agenda } from './timer-queue.ts';

/** What all tasks of one scheduler share. */
export interface Host {
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly slots: Slots;
  readonly runs: ActiveRuns;
  readonly events: Listeners<SchedulerEvents>;
  readonly logger: Logger;
}
