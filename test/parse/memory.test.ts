/** The memory for parsing is limited by the size of the document, regardless of its content. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { start } from '../child.ts';
import { sized } from '../long.ts';
import { greedyDocuments } from './greedy-documents.ts';

/** The limit in docs/parsers.md. */
const HEAP_BYTES_PER_BYTE = 80;
const BYTES = sized(150_000, 500_000);
/** The heap of a process before it parses anything. */
const HEAP_OF_NODE = 16 * 2 ** 20;
const CHILD = join(import.meta.dirname, 'greedy-child.js');

for (const format of new Set(greedyDocuments.map((document) => document.format))) {
  test(`${format} takes at most ${HEAP_BYTES_PER_BYTE} bytes of heap for each byte of any document`, async (t) => {
    const megabytes = Math.round((HEAP_OF_NODE + BYTES * HEAP_BYTES_PER_BYTE) / 2 ** 20);
    const limits = [`--max-old-space-size=${megabytes}`, '--max-semi-space-size=1'];
    const child = start(t, process.execPath, [...limits, CHILD, format, String(BYTES)], { NODE_OPTIONS: '' });
    const code = await child.ended;
    assert.equal(code, 0, `The heap was full while it read: ${child.stdout().trim().split('\n').at(-1)}`);
  });
}
