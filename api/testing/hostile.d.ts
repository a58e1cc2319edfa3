export {
  HostileCase,
  HostileTarget,
  ProcessUsage,
  assertUnharmed,
  hostileCases,
  processUsage,
  runHostileCase,
} from "../chunks/types.js";
