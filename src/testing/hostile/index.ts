/** The subpath `zeroprom/testing/hostile`: hostile and broken clients, to test servers with. */
export { hostileCases } from './hostile-cases.ts';
export type { HostileTarget } from './hostile-connection.ts';
export { type ProcessUsage, processUsage } from './process-usage.ts';
export { assertUnharmed, type HostileCase, runHostileCase } from './run-case.ts';
