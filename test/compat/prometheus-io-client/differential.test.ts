import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import type { PromClient } from '../prom-client/libraries.ts';
import { type Program, program, type Step } from '../prom-client/program.ts';
import { type Clock, mockClock, runProgram } from '../prom-client/run-program.ts';
import { successor, zeroprom } from './libraries.ts';

const PROGRAMS = Number(process.env['PROM_CLIENT_PROGRAMS'] ?? 300);

test('random programs expose and throw the same as with the successor', { timeout: 1_200_000 }, async (t) => {
  const clock: Clock = { now: 0 };
  mockClock(clock);
  t.after(() => mock.restoreAll());
  const property = fc.asyncProperty(program.map(comparable), async (random) => {
    const expected = await runProgram(successor as unknown as PromClient, random, clock);
    assert.deepEqual(await runProgram(zeroprom as unknown as PromClient, random, clock), expected);
  });
  await fc.assert(property, { numRuns: PROGRAMS });
});

/**
 * Excludes exemplars, whose value is the total in the successor, the separator of its keys, and summaries without
 * labels, which it omits instead of showing an empty object.
 */
function comparable({ metrics, steps, ...rest }: Program): Program {
  return {
    ...rest,
    metrics: metrics.map(({ labelNames, ...metric }) => ({
      ...metric,
      labelNames: labelNames.length > 0 ? labelNames : ['a'],
      enableExemplars: false,
    })),
    steps: steps.map((step) => withLegalValue(JSON.parse(JSON.stringify(step, withoutSeparator)), step, metrics)),
  };
}

function withoutSeparator(key: string, value: unknown): unknown {
  // Odd numbers pass labels by name: by position, an undefined label would be a separate series.
  if (key === 'slot') return Number(value) | 1;
  return typeof value === 'string' ? value.replaceAll('|', '/') : value;
}

/** If a call has two errors, the successor reports another one than ours. */
function withLegalValue(copy: Step, original: Step, metrics: Program['metrics']): Step {
  if (!('value' in original)) return copy;
  const value = Number.isFinite(original.value) ? original.value : 3;
  return { ...copy, value: metrics[original.metric]?.type === 'Counter' ? Math.abs(value) : value } as Step;
}
