export { type CollectWorkersOptions, collectWorkers } from './processes/collect-workers.ts';
export type { MeetingOptions } from './processes/meeting/meeting-group.ts';
export { type JoinWorkersOptions, joinWorkers, type Membership } from './processes/membership.ts';
