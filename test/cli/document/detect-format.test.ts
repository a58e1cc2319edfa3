import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { detectFormat, detectFromHead } from '../../../src/cli/document/detect-format.ts';
import { encodeGathering, formats } from '../../../src/exposition/index.ts';
import { encodeFamily } from '../../../src/model/encoder.ts';
import type { MetricFamily } from '../../../src/model/family.ts';
import { folderOf, shell, zeroprom } from '../zeroprom.ts';

const WITH_UNIT = `# HELP http_server_duration_seconds Time.
# UNIT http_server_duration_seconds seconds
# TYPE http_server_duration_seconds gauge
http_server_duration_seconds 1.5
`;

test('every format is detected from its contents', () => {
  const family: MetricFamily = { name: 'a_total', help: 'A.', type: 'counter', points: [{ value: 1 }] };
  const encodable = { encode: (encoder: Parameters<typeof encodeFamily>[1]) => encodeFamily(family, encoder) };
  const seen = formats.map((format) => detectFormat(encodeGathering(encodable, format)));
  assert.deepEqual(seen, ['text', 'text', 'openmetrics', 'openmetrics', 'protobuf', 'openmetrics-2']);
});

const DOCUMENTS: readonly (readonly [what: string, document: string, format: string])[] = [
  ['nothing', '', 'text'],
  ['a snapshot of nothing', '[]', 'json'],
  ['a snapshot', ' [\n {"name":', 'json'],
  ['text', '\n\n# HELP a A.\na 1\n', 'text'],
  ['text with UNIT', WITH_UNIT, 'text'],
  [
    'text with UNIT of a counter',
    '# UNIT a_seconds_total seconds\n# TYPE a_seconds_total counter\na_seconds_total 1\n',
    'text',
  ],
  ['text with UNIT only', '# UNIT a_seconds seconds\na_seconds 1\n', 'text'],
  ['text with UNIT and no line feed at its end', WITH_UNIT.trimEnd(), 'text'],
  ['text that speaks of # EOF', '# HELP a Ends in\n# EOF\na 1\n', 'text'],
  ['text whose help ends in # EOF', 'a 1\n# HELP a It ends in # EOF\n', 'text'],
  ['a label value that looks like a type', 'a{b="\\n# TYPE x info"} 1\n', 'text'],
  ['OpenMetrics', '# TYPE a gauge\na 1\n# EOF\n', 'openmetrics'],
  ['OpenMetrics with UNIT', `${WITH_UNIT}# EOF\n`, 'openmetrics'],
  ['OpenMetrics without a line feed at its end', '# TYPE a gauge\na 1\n# EOF', 'openmetrics'],
  ['OpenMetrics of nothing', '# EOF\n', 'openmetrics'],
  ['OpenMetrics that goes on', '# EOF\n# EOF\n\n', 'openmetrics'],
  ['OpenMetrics with carriage returns', 'a 1\r\n# EOF\r\n', 'openmetrics'],
  ['OpenMetrics with comments, which it forbids', '# TYPE a gauge\n# A comment.\n\na 1\n# EOF\n', 'openmetrics'],
  ['OpenMetrics without its end, by a type', '# TYPE a info\na_info 1\n', 'openmetrics'],
  ['OpenMetrics without its end, by a type of a quoted name', '# TYPE "a b" stateset\n', 'openmetrics'],
  ['OpenMetrics without its end, by a counter', '# TYPE a counter\n# HELP a A.\na_total{b="c"} 1\n', 'openmetrics'],
  ['OpenMetrics 2.0, by a start time', '# TYPE a counter\na 1 st@1\n# EOF\n', 'openmetrics-2'],
  [
    'OpenMetrics 2.0, by a histogram',
    '# TYPE a histogram\na {count:0,sum:0,bucket:[+Inf:0]}\n# EOF\n',
    'openmetrics-2',
  ],
];

for (const [what, document, format] of DOCUMENTS) {
  test(`${what} is detected as ${format}`, () => assert.equal(detectFormat(Buffer.from(document)), format));
}

test('the start of a document determines the format only if no end could contradict it', () => {
  const beginnings = [
    WITH_UNIT,
    'a 1\n',
    '# HE',
    '# TYPE a inf',
    'a 1\n\n',
    '# TYPE a untyped\n',
    '# A\n',
    '# TYPE a info\n',
  ];
  assert.deepEqual(
    beginnings.map((beginning) => detectFromHead(Buffer.from(beginning))),
    [undefined, undefined, undefined, undefined, 'text', 'text', 'text', 'openmetrics'],
  );
});

/** More than the head that is inspected first. */
const LONG = Array.from({ length: 60_000 }, (_, index) => `a_seconds{b="${index}"} ${index}\n`).join('');

test('a large document is detected by its end, also from pipes and compressed files', async (t) => {
  const text = `# UNIT a_seconds seconds\n# TYPE a_seconds gauge\n${LONG}`;
  const documents = { text, openmetrics: `${text}# EOF\n` };
  const packed = { 'text.gz': gzipSync(documents.text), 'openmetrics.gz': gzipSync(documents.openmetrics) };
  const path = folderOf(t, { ...documents, ...packed });
  for (const format of ['text', 'openmetrics'] as const) {
    const title = new RegExp(`\\n${format}, 1\\.\\d MiB, `);
    for (const name of [format, `${format}.gz`]) {
      assert.match((await zeroprom(['scrape', path(name)])).stdout, title);
      assert.match((await shell(t, `cat '${path(name)}' | zeroprom scrape -`)).stdout, title);
    }
  }
});

test('text with UNIT is converted and checked as text', async (t) => {
  const path = folderOf(t, { file: WITH_UNIT });
  assert.deepEqual(await zeroprom(['check', path('file')]), { code: 0, stdout: '', stderr: '' });
  const { code, stdout } = await zeroprom(['convert', '--to', 'text', path('file')]);
  assert.deepEqual([code, stdout], [0, WITH_UNIT.replace(/# UNIT.*\n/, '')]);
});
