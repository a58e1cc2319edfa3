export { type CollectWorkersOptions, collectWorkers } from './processes/collect-workers.ts';
export type { JoinWorkersOptions } from './processes/join-options.ts';
export type { MeetingOptions } from './processes/meeting/meeting-group.ts';
export { joinWorkers, type WorkerMembership } from './processes/membership.ts';
export {
  type RunningScrapeThread,
  type ScrapeThreadOptions,
  startScrapeThread,
} from './scrape-thread/start-scrape-thread.ts';
export type { ThreadAddress } from './scrape-thread/thread-settings.ts';
