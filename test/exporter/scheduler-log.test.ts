import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { start } from '../child.ts';

test('a scheduler without a logger logs to the log of the exporter', async (t) => {
  const program = join(import.meta.dirname, 'programs/scheduler-log.js');
  const child = start(t, process.execPath, [program, '--web.listen-address=127.0.0.1:0', '--log.format=json']);
  await child.says(/It broke\./);
  const lines = child.stderr().trim().split('\n');
  for (const line of lines) JSON.parse(line);
  assert.ok(lines.some((line) => line.includes('"msg":"From the task."') && line.includes('first')));
});
