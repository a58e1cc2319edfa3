/**
 * Parses greedy documents of the given size with the parser of their format in both modes, and prints their names. With
 * `--expose-gc`, it also prints the size of the heap at the end in bytes.
 */

import { readSnapshot } from '../../src/exposition/snapshot/read-snapshot.ts';
import { type ParseMode, parseOpenMetrics, parseProtobuf, parseText } from '../../src/parse/index.ts';
import { type GreedyDocument, greedyDocuments } from './greedy-documents.ts';

const [format, size] = process.argv.slice(2);
const CHUNK = 64 * 1024;

for (const document of greedyDocuments.filter((candidate) => candidate.format === format)) {
  for (const mode of ['strict', 'prometheus'] as const) {
    process.stdout.write(`${document.what}, ${mode}\n`);
    await read(document, mode);
  }
}
if (globalThis.gc !== undefined) {
  globalThis.gc();
  process.stdout.write(`${process.memoryUsage().heapUsed}\n`);
}

async function read({ format, make }: GreedyDocument, mode: ParseMode): Promise<void> {
  const bytes = make(Number(size));
  const options = { mode, onError: () => {} };
  if (format === 'text') await parseText(chunksOf(bytes), options);
  else if (format === 'openmetrics') await parseOpenMetrics(chunksOf(bytes), options);
  else if (format === 'openmetrics-2') await parseOpenMetrics(chunksOf(bytes), { ...options, version: '2.0.0' });
  else if (format === 'protobuf') await parseProtobuf(chunksOf(bytes), options);
  else readJson(bytes);
}

async function* chunksOf(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

function readJson(bytes: Buffer): void {
  try {
    readSnapshot(JSON.parse(bytes.toString()));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
