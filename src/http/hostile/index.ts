export { hostileCases } from './cases.ts';
export { assertUnharmed, type HostileCase, type HostileTarget, runHostileCase } from './run.ts';
export { type ProcessUsage, processUsage } from './usage.ts';
