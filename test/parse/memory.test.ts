/** The memory for parsing is limited by the size of the document, regardless of its content. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { start } from '../child.ts';
import { sized } from '../long.ts';
import { type GreedyFormat, greedyDocuments } from './greedy-documents.ts';

/** The limit in docs/parsers.md. */
const HEAP_BYTES_PER_BYTE = 80;
const BYTES = sized(150_000, 500_000);
/** Garbage and unused parts of pages, which V8 counts as heap too. */
const OVERHEAD_OF_V8 = 11 * 2 ** 20;
const SMALL_BYTES = 1000;
const CHILD = join(import.meta.dirname, 'greedy-child.js');

for (const format of new Set(greedyDocuments.map((document) => document.format))) {
  test(`${format} takes at most ${HEAP_BYTES_PER_BYTE} bytes of heap for each byte of any document`, async (t) => {
    const limit = (await heapOfProgram(t, format)) + OVERHEAD_OF_V8 + BYTES * HEAP_BYTES_PER_BYTE;
    const limits = [`--max-old-space-size=${Math.round(limit / 2 ** 20)}`, '--max-semi-space-size=1'];
    const child = start(t, process.execPath, [...limits, CHILD, format, String(BYTES)], { NODE_OPTIONS: '' });
    const code = await child.ended;
    assert.equal(code, 0, `The heap was full while it read: ${child.stdout().trim().split('\n').at(-1)}`);
  });
}

/** Returns the heap that the program itself takes, which differs between versions of Node.js. */
async function heapOfProgram(t: TestContext, format: GreedyFormat): Promise<number> {
  const args = ['--expose-gc', CHILD, format, String(SMALL_BYTES)];
  const child = start(t, process.execPath, args, { NODE_OPTIONS: '' });
  assert.equal(await child.ended, 0);
  return Number(child.stdout().trim().split('\n').at(-1));
}
