import assert from 'node:assert/strict';

/** Asserts that a function takes at most this much CPU time, which depends less on the load of the machine than elapsed time. */
export function assertCpuTime(limitMs: number, run: () => void): void {
  const start = process.cpuUsage();
  run();
  assertWithin(limitMs, start);
}

/** Like `assertCpuTime()`, for a function that returns a promise. */
export async function assertCpuTimeAsync(limitMs: number, run: () => Promise<void>): Promise<void> {
  const start = process.cpuUsage();
  await run();
  assertWithin(limitMs, start);
}

function assertWithin(limitMs: number, start: NodeJS.CpuUsage): void {
  const { user, system } = process.cpuUsage(start);
  const elapsedMs = (user + system) / 1000;
  assert.ok(elapsedMs <= limitMs, `It took ${elapsedMs} ms of CPU time.`);
}
