import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedRound } from '../../../src/workers/processes/shared-round.ts';

test('a round may ask any number of workers without a warning', async (t) => {
  const warnings: string[] = [];
  const onWarning = ({ message }: Error) => void warnings.push(message);
  process.on('warning', onWarning);
  t.after(() => process.off('warning', onWarning));
  const round = new SharedRound(async (signal) => {
    for (let worker = 0; worker < 50; worker++) signal.addEventListener('abort', () => {});
    return 'done';
  });
  assert.equal(await round.join(undefined), 'done');
  await new Promise((resolve) => setImmediate(resolve)); // Warnings are emitted later.
  assert.deepEqual(warnings, []);
});
