/** Runs rows of the table of connection ends, and compares what was counted. */
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { Arena } from './arena.ts';
import type { ConnectionEnd } from './connection-ends.ts';

/** How requests were counted. */
export interface Outcomes {
  readonly inFlight: number | undefined;
  readonly whole: number;
  readonly aborted: number;
}

/** A listener under test. */
export interface Subject {
  readonly listener: RequestListener;
  readonly outcomes: () => Promise<Outcomes>;
  /** Further assertions, made when all requests have been counted. */
  readonly check?: () => void;
}

/** One row for one subject. */
export interface EndCheck {
  readonly name: string;
  readonly end: ConnectionEnd;
  readonly create: () => Subject | Promise<Subject>;
}

/** Most checks wait for sockets and timers, so several run at once. Each has its own server and its own registry. */
const CONCURRENCY = 16;

/** Adds one test for each check, under a common title. */
export function testConnectionEnds(title: string, checks: readonly EndCheck[]): void {
  test(title, { concurrency: CONCURRENCY }, async (t) => {
    const run = (check: EndCheck) => t.test(check.name, (each) => runCheck(each, check));
    await Promise.all(checks.filter(({ end }) => !end.runsAlone).map(run));
    for (const check of checks.filter(({ end }) => end.runsAlone)) await run(check);
  });
}

async function runCheck(t: TestContext, { end, create }: EndCheck): Promise<void> {
  const { listener, outcomes, check } = await create();
  await end.run(await Arena.start(t, end, listener));
  const expected = { inFlight: 0, whole: end.whole, aborted: end.aborted };
  assert.deepEqual(await settled(outcomes, expected), expected);
  check?.();
}

/** Waits until requests have been counted as expected, or until a timeout. */
async function settled(outcomes: Subject['outcomes'], expected: Outcomes): Promise<Outcomes> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const actual = await outcomes();
    const isReached =
      actual.inFlight === expected.inFlight && actual.whole + actual.aborted >= expected.whole + expected.aborted;
    if (isReached || performance.now() >= deadline) return await outcomes();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
