import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Message } from './protojson.ts';

interface Vector {
  readonly what: string;
  readonly request: Message;
  /** Expected fields of the answer, which may have more. */
  readonly answer: Message;
}

const vectors: readonly Vector[] = linesOf(readFileSync('test/conformance/vectors.jsonl', 'utf8'));
const answers = answersTo(vectors.map(({ request }, id) => ({ id: String(id), ...request })));

for (const [index, { what, answer }] of vectors.entries()) {
  test(what, () => {
    const given = answers[index];
    assert.equal(given?.['id'], String(index));
    for (const [field, value] of Object.entries(answer)) assert.deepEqual(given?.[field], value, field);
  });
}

/** Returns the adapter's answer to a request like that of a runner in another language. */
function answersTo(requests: readonly Message[]): Message[] {
  const adapter = join(import.meta.dirname, 'adapter.js');
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const { stdout } = spawnSync(process.execPath, [adapter], { input, encoding: 'utf8' });
  return linesOf(stdout);
}

function linesOf<T>(lines: string): T[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
