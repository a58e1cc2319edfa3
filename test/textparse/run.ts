/**
 * Compares our parsers in `prometheus` mode with those of Prometheus, with generated and corrupted documents:
 * `npm run test:textparse -- --documents 4000 --seed 1 --format text`. It needs Go, and downloads modules once. A
 * difference ends the run with exit code 1; `--record` adds such documents to the vectors that `npm test` reads.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { generator } from '../random.ts';
import { differences, explanation } from './differences.ts';
import { drawDocument } from './documents.ts';
import { CONTENT_TYPES, type FormatName, Oracle, type Stored } from './oracle.ts';
import { VECTORS, vectorOf } from './vectors.ts';

const SHOWN = 10;

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    format: { type: 'string', multiple: true, default: Object.keys(CONTENT_TYPES) },
    record: { type: 'boolean', default: false },
  },
});

const oracle = Oracle.build();
let isDifferent = false;
for (const format of values.format as FormatName[]) isDifferent = !(await compare(format)) || isDifferent;
await oracle.close();
process.exitCode = isDifferent ? 1 : 0;

async function compare(format: FormatName): Promise<boolean> {
  const random = generator(Number(values.seed));
  const counts = { accepted: 0, refused: 0, explained: 0, different: 0 };
  for (let count = Number(values.documents); count > 0; count--) {
    const document = drawDocument(format, random);
    const stored = await oracle.ask(document, format);
    const found = differences(document, format, stored);
    if (explanation(document, format, stored) !== undefined) counts.explained++;
    else counts[stored.error === undefined ? 'accepted' : 'refused']++;
    if (found.length === 0) continue;
    show(document, format, found, counts.different++);
    if (values.record) record(document, format, stored);
  }
  console.log(`${format}, seed ${values.seed}: ${Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(', ')}.`); // biome-ignore format: one text
  return counts.different === 0;
}

function show(document: Buffer, format: FormatName, found: readonly string[], before: number): void {
  if (before >= SHOWN) return;
  console.log(`--- ${format}\n${printable(document)}\n${found.slice(0, 8).join('\n')}`);
}

function printable(document: Buffer): string {
  return document.toString('utf8').replaceAll(/[^\n -~]/gu, (character) => JSON.stringify(character).slice(1, -1));
}

function record(document: Buffer, format: FormatName, stored: Stored): void {
  appendFileSync(VECTORS, `${JSON.stringify(vectorOf(document, format, stored))}\n`);
}
