export {
  CollectWorkersOptions,
  JoinWorkersOptions,
  MeetingOptions,
  RunningScrapeThread,
  ScrapeThreadOptions,
  ThreadAddress,
  WorkerMembership,
  collectWorkers,
  joinWorkers,
  startScrapeThread,
} from "./chunks/types.js";
