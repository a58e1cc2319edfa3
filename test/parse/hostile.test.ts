import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ParseError, parseOpenMetrics, parseProtobuf, parseText } from '../../src/parse/index.ts';
import { assertCpuTime, assertCpuTimeAsync } from '../cpu-time.ts';
import { sized } from '../long.ts';
import { readEverything } from './every-parser.ts';

/** Characters of a document. Quadratic time would take at least an hour. */
const MEGABYTES = sized(1_500_000, 5_000_000);
const REGRESSIONS = 'test/parse/regressions';
/** Each takes about a second at the larger size. */
const LIMIT_MS = 20_000;

const LINES: readonly (readonly [what: string, document: () => string])[] = [
  ['digits', () => `m ${'1'.repeat(MEGABYTES)}\n`],
  ['digits and a letter', () => `m ${'1'.repeat(MEGABYTES)}x\n`],
  ['backslashes', () => `m{a="${'\\\\'.repeat(MEGABYTES / 2)}"} 1\n`],
  ['a quoted text without end', () => `m{a="${'x'.repeat(MEGABYTES)}`],
  ['a quoted text of line feeds without end', () => `m{a="${'\n'.repeat(MEGABYTES)}`],
  ['quoted texts of line feeds, each without end', () => 'm{a="\n'.repeat(MEGABYTES / 6)],
  ['a name', () => 'm'.repeat(MEGABYTES)],
  ['labels', () => `m{${Array.from({ length: MEGABYTES / 25 }, (_, index) => `l${index}="1"`).join()}} 1\n`],
  ['the same label', () => `m{${'a="1",'.repeat(MEGABYTES / 6)}} 1\n`],
  ['blanks', () => `m ${' '.repeat(MEGABYTES)}1\n`],
  ['blanks in TYPE', () => `# TYPE m ${' '.repeat(MEGABYTES)}gauge\n`],
  ['quotes', () => '"'.repeat(MEGABYTES)],
  ['braces', () => '{'.repeat(MEGABYTES)],
  ['equal lines', () => 'm{a="1"} 1\n'.repeat(MEGABYTES / 110)],
  ['HELP with escapes', () => `# HELP m ${'\\n'.repeat(MEGABYTES / 2)}\n`],
  ['buckets with other bounds', () => `# TYPE h histogram\n${manyBuckets()}`],
  ['hexadecimal digits in a bound', () => `# TYPE h histogram\nh_bucket{le="0x${'a'.repeat(MEGABYTES)}"} 1\n`],
  ['digits in a timestamp', () => `m 1 ${'1'.repeat(MEGABYTES)}\n`],
];

const MANY = 300_000;
const bounds = Array.from({ length: MANY }, (_, index) => `${index}:0`).join();
const exemplars = Array.from({ length: MANY }, (_, index) => ` # {} ${index + MANY / 2} 1`).join('');
const composite = (fields: string, rest = '') => `# TYPE h histogram\nh {${fields}}${rest}\n# EOF\n`;
const spans = (length: string, count = '1') =>
  composite(
    `count:1,sum:0,schema:0,zero_threshold:0,zero_count:0,positive_spans:[0:${length}],positive_buckets:[${count}]`,
  );

/** Values of OpenMetrics 2.0. */
const COMPOSITES: readonly (readonly [what: string, document: () => string])[] = [
  ['buckets and exemplars', () => composite(`count:0,sum:0,bucket:[${bounds},+Inf:0]`, exemplars)],
  ['buckets and exemplars that do not agree', () => composite(`count:1,sum:0,bucket:[${bounds},+Inf:0]`, exemplars)],
  [
    'buckets and exemplars of a histogram beside a series with the name of its count',
    () => `# TYPE h_count gauge\nh_count 1\n${composite(`count:0,sum:0,bucket:[${bounds},+Inf:0]`, exemplars)}`,
  ],
  ['spaces within a bucket', () => composite(`count:1,sum:0,bucket:[1${'\t'.repeat(MEGABYTES)}x:0,+Inf:1]`)],
  ['spaces around a bucket', () => composite(`count:1,sum:0,bucket:[${'\u2003'.repeat(MEGABYTES)}1:1,+Inf:1]`)],
  ['digits in a span', () => spans('1'.repeat(MEGABYTES))],
  ['zeros in a span', () => spans(`${'0'.repeat(MEGABYTES)}1`)],
  ['digits in a bucket', () => spans('1', '1'.repeat(MEGABYTES))],
  ['digits in a schema', () => composite(`count:1,sum:0,schema:${'8'.repeat(MEGABYTES)},zero_threshold:0`)],
  ['hexadecimal digits in a count', () => composite(`count:0x${'a'.repeat(MEGABYTES)},sum:0,bucket:[+Inf:1]`)],
  ['hexadecimal digits with a point in a sum', () => composite(`count:1,sum:0x.${'a'.repeat(MEGABYTES)}`)],
];

const large = {
  maxLineLength: 2 * MEGABYTES,
  maxNameLength: 2 * MEGABYTES,
  maxLabels: MEGABYTES,
  onError: () => {},
};

for (const [what, document] of LINES) {
  test(`megabytes of ${what} take linear time`, () => {
    const text = document();
    assertCpuTime(LIMIT_MS, () => {
      for (const mode of ['strict', 'prometheus'] as const) {
        parseText(text, { ...large, mode });
        parseOpenMetrics(text, { ...large, mode });
        parseText(text, { mode, onError: () => {} });
      }
    });
  });
}

for (const [what, document] of COMPOSITES) {
  test(`megabytes of ${what} in a composite value take linear time`, () => {
    const text = document();
    assertCpuTime(LIMIT_MS, () => {
      for (const mode of ['strict', 'prometheus'] as const) {
        parseOpenMetrics(text, { ...large, maxLineLength: 8 * MEGABYTES, mode, version: '2.0.0' });
      }
    });
  });
}

test('a line that arrives byte by byte takes neither much time nor memory', async () => {
  await assertCpuTimeAsync(LIMIT_MS, async () => {
    for (const mode of ['strict', 'prometheus'] as const) {
      await assert.rejects(parseText(bytes(`m{a="${'\n'.repeat(50_000)}`), { mode }), ParseError);
      await parseText(bytes(`m{a="${'x'.repeat(50_000)}"} 1\n`), { mode });
    }
  });
});

test('a span that claims four billion buckets costs nothing', () => {
  const span = [0x08, 0x00, 0x10, 0xff, 0xff, 0xff, 0xff, 0x0f];
  const histogram = [0x62, span.length, ...span];
  const metric = [0x3a, histogram.length, ...histogram];
  const family = [0x0a, 1, 0x68, 0x18, 4, 0x22, metric.length, ...metric];
  assert.throws(() => parseProtobuf(Uint8Array.of(family.length, ...family)), ParseError);
});

test('documents that once broke a parser are rejected or parsed', () => {
  for (const name of readdirSync(REGRESSIONS).filter((file) => file.endsWith('.bin'))) {
    readEverything(readFileSync(join(REGRESSIONS, name)));
  }
});

function manyBuckets(): string {
  return Array.from({ length: MEGABYTES / 20 }, (_, index) => `h_bucket{le="${index}.5"} ${index}\n`).join('');
}

async function* bytes(document: string): AsyncGenerator<Uint8Array> {
  for (const byte of Buffer.from(document)) yield Uint8Array.of(byte);
}
