import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { promClient, zeroprom } from './libraries.ts';
import { program } from './program.ts';
import { type Clock, runProgram } from './run-program.ts';

/** 10,000 with `npm run fuzz:prom-client`. */
const PROGRAMS = Number(process.env['PROM_CLIENT_PROGRAMS'] ?? 300);

test('random programs show and throw the same as with prom-client', { timeout: 1_200_000 }, async (t) => {
  const clock: Clock = { now: 0 };
  mock.method(Date, 'now', () => clock.now);
  mock.method(process, 'hrtime', (start?: [number, number]) => {
    const seconds = Math.floor(clock.now / 1000);
    const nanoseconds = (clock.now % 1000) * 1e6;
    if (start === undefined) return [seconds, nanoseconds];
    const elapsed = seconds - start[0] + (nanoseconds - start[1]) / 1e9;
    return [Math.floor(elapsed), Math.round((elapsed % 1) * 1e9)];
  });
  t.after(() => mock.restoreAll());
  const property = fc.asyncProperty(program, async (random) => {
    const expected = await runProgram(promClient, random, clock);
    assert.deepEqual(await runProgram(zeroprom, random, clock), expected);
  });
  await fc.assert(property, { numRuns: PROGRAMS });
});
