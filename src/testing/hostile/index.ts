export { hostileCases } from './cases.ts';
export type { HostileTarget } from './connection.ts';
export { assertUnharmed, type HostileCase, runHostileCase } from './run.ts';
export { type ProcessUsage, processUsage } from './usage.ts';
