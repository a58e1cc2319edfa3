/** Line endings must not contain carriage returns: Prometheus 3.16 rejects the whole exposition for one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import { type Format, formats, openMetrics, openMetrics2, protobuf, text } from '../../../src/exposition/formats.ts';
import type { MetricFamily } from '../../../src/model/family.ts';
import { gatheringOf } from '../families.ts';

const lineFormats = formats.filter((format) => format !== protobuf);

/** Help texts, and their escaped forms in OpenMetrics and in the text format. */
const helps: readonly [help: string, openMetrics: string | undefined, text?: string][] = [
  ['Ends with one.\r', 'Ends with one.'],
  ['Ends with several.\r\r\r', 'Ends with several.'],
  ['\r', undefined],
  ['\r\r\r', undefined],
  ['Line one\r\nline two\r', 'Line one\r\\nline two'],
  ['Ends as a line of Windows does.\r\n', 'Ends as a line of Windows does.\r\\n'],
  ['In\rside', 'In\rside'],
  ['\rAt the start', '\rAt the start'],
  ['Before a blank \r ', 'Before a blank \r '],
  ['A backslash \\\r', 'A backslash \\\\'],
  ['A quote "\r', 'A quote \\"', 'A quote "'],
  ['A letter r: \\r', 'A letter r: \\\\r'],
  ['\u2028\u0085\r', '\u2028\u0085'],
];

function familyOf(help: string, name = 'a'): MetricFamily {
  return { name, help, type: 'gauge', points: [{ value: 1 }] };
}

function encoded(family: MetricFamily, format: Format): string {
  return encodeGathering(gatheringOf([family]), format, { escaping: 'allow-utf-8' }).toString();
}

for (const format of lineFormats) {
  const isText = format.contentType.startsWith('text/plain');
  for (const [help, inOpenMetrics, inText = inOpenMetrics] of helps) {
    test(`${format.contentType}: the HELP line of ${JSON.stringify(help)} does not end in a carriage return`, () => {
      const shown = isText ? inText : inOpenMetrics;
      const lines = encoded(familyOf(help), format).split('\n');
      const helpLine = lines.find((line) => line.startsWith('# HELP'));
      assert.equal(helpLine, shown === undefined ? undefined : `# HELP a ${shown}`);
      assert.deepEqual(
        lines.filter((line) => line.endsWith('\r')),
        [],
      );
    });
  }

  test(`${format.contentType}: no line ends in a carriage return, wherever the input contains one`, () => {
    const cr = 'x\r';
    const family: MetricFamily = {
      name: `name_seconds${cr}`,
      help: cr,
      type: 'counter',
      unit: `seconds${cr}`,
      points: [{ labels: { [cr]: cr }, value: 1, exemplar: { labels: { a: cr, [cr]: cr }, value: 1, timestamp: 1 } }],
    };
    const states: MetricFamily = {
      name: cr,
      help: '',
      type: 'stateset',
      points: [{ value: { states: [cr], enabled: [1] } }],
    };
    assert.doesNotMatch(encoded(family, format) + encoded(states, format), /\r\n/);
  });
}

test('protobuf has no line endings: its help is the whole text', () => {
  assert.ok(encoded(familyOf('Ends with one.\r'), protobuf).includes('Ends with one.\r'));
});

test('a long run of carriage returns takes time in proportion to its length', () => {
  const help = `${'\r'.repeat(1_000_000)}x`;
  for (const format of [text, openMetrics, openMetrics2]) assert.ok(encoded(familyOf(help), format).includes('\rx'));
});
