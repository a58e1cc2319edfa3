import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { promClient, zeroprom } from './libraries.ts';
import { program } from './program.ts';
import { type Clock, mockClock, runProgram } from './run-program.ts';

/** 10,000 with `npm run fuzz:prom-client`. */
const PROGRAMS = Number(process.env['PROM_CLIENT_PROGRAMS'] ?? 300);

test('random programs expose and throw the same as with prom-client', { timeout: 1_200_000 }, async (t) => {
  const clock: Clock = { now: 0 };
  mockClock(clock);
  t.after(() => mock.restoreAll());
  const property = fc.asyncProperty(program, async (random) => {
    const expected = await runProgram(promClient, random, clock);
    assert.deepEqual(await runProgram(zeroprom, random, clock), expected);
  });
  await fc.assert(property, { numRuns: PROGRAMS });
});
