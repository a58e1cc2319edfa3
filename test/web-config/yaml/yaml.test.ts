import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseYaml } from '../../../src/web-config/yaml/yaml.ts';
import { YamlError, type YamlNode } from '../../../src/web-config/yaml/yaml-node.ts';
import { assertCpuTime } from '../../cpu-time.ts';

/**
 * Converts to plain values: scalars are texts, empty without a value. Object.fromEntries() makes all keys own
 * properties, even `__proto__`.
 */
function plain({ value }: YamlNode): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, node]) => [key, plain(node)]));
  return value ?? '';
}

const texts: readonly [what: string, text: string][] = [
  ['an empty text', ''],
  ['a map', 'a: 1\nb: two words\nc:\n'],
  ['maps in maps', 'a:\n  b:\n    c: d\n  e: f\ng: h\n'],
  ['a list', 'a:\n  - b\n  - 2\n'],
  ['a list as far left as its key', 'a:\n- b\n- c\nd: e\n'],
  ['a list of maps', 'a:\n  - b: 1\n    c: 2\n  - b: 3\n'],
  ['a list of lists', '- - a\n  - b\n- - c\n'],
  ['an item on the line below', 'a:\n  -\n    b: c\n'],
  ['quotes', 'a: "x: # y \\n \\u00e9"\nb: \'it\'\'s # here\'\n"c d": e\n'],
  ['comments', '# first\na: b # second\nc: d#e\n  # third\nf: "#g" # h\n'],
  ['a literal block', 'a: |\n  one\n    two\n\n  three\nb: c\n'],
  ['a block without its line feed', 'a: |-\n  one\n  two\n'],
  ['flow collections', 'a: [b, "c, d", [1, 2], {e: f}]\ng: {h: i, j: []}\n'],
  ['flow collections on several lines', 'a: [\n  b,\n  "c, d", # e\n\n  f\n]\ng: {h: [i,\n j], k:\n  {}\n  }\nl: m\n'],
  ['JSON on several lines', '{\n  "a": [\n    "b",\n    "c"\n  ],\n  "d": {}\n}\n'],
  ['the end of the document', 'a: b\n...\n'],
  ['the end of a list', '- a\n... # No more.\n\n'],
  ['a start and an end', '--- # a\na: b\n...\n# c\n'],
  ['JSON', '{"a": [1, true, null, "x"], "b": {"c": "d"}}'],
  ['words that mean something', 'a: true\nb: false\nc: null\nd: ~\ne: yes\nf: 1.5\ng: -3\n'],
  ['CRLF', 'a: b\r\nc:\r\n  - d\r\n'],
  ['a colon inside of a word', 'a: b:c\nd: http://x:1/\n'],
  ['keys that objects have', '__proto__: x\nconstructor: y\ntoString: z\n'],
];

for (const [what, text] of texts) {
  test(`${what} is parsed as by another implementation`, () => {
    assert.deepEqual(plain(parseYaml(text)), parse(text, { schema: 'failsafe' }) ?? '');
  });
}

test('an error has its line and column', () => {
  for (const [text, message] of [
    ['a: b\n\tc: d', 'line 2, column 1: must be indented by spaces, got a tab.'],
    ['a: b\nc: "d', 'line 2, column 4: a quote " must be closed on the same line.'],
    ['a: b: c', 'line 1, column 5: a second ": " on a line; put the value in quotes.'],
    ['a: b\nc', 'line 2, column 1: expected "key: value".'],
    ['a:\n  b: c\n d: e', 'line 3, column 2: unexpected indentation.'],
    ['a: [b', 'line 1, column 6: a list or map in brackets is not closed.'],
    ['a: [b,\nc: d\n', 'line 2, column 2: expected , or ].'],
    ['a: {b: c,\n---\n', 'line 1, column 10: a list or map in brackets is not closed.'],
    ['a: [b,\n  &c]', 'line 2, column 3: anchors are not supported.'],
    ['a: [b\n  ] c', 'line 2, column 5: unexpected text after a value.'],
    ['a: b\n...\nc: d', 'line 3, column 1: only one document is supported.'],
    ['a: b\n--- # c\nd: e', 'line 2, column 1: only one document is supported.'],
    ['a: >\n  b', 'line 1, column 4: folded block scalars are not supported; use | or quotes.'],
    ['a: |+\n  b', 'line 1, column 4: the text of a block scalar must start on the next line.'],
    ['a: "\\q"', 'line 1, column 4: unknown escape \\q.'],
    ['a: b\na: c', 'line 2, column 1: duplicate key "a".'],
    ['a: "b" c', 'line 1, column 8: unexpected text after a value.'],
  ] as const) {
    assert.throws(
      () => parseYaml(text),
      new YamlError(message.replace(/^line \d+, column \d+: /, ''), ...placeOf(message)),
    );
  }
});

function placeOf(message: string): [line: number, column: number] {
  const [, line, column] = /^line (\d+), column (\d+)/.exec(message) ?? [];
  return [Number(line), Number(column)];
}

test('any text is parsed, or throws a YamlError', () => {
  const pieces = [
    'a',
    ': ',
    ':',
    '- ',
    '-',
    '\n',
    '  ',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ',',
    '|',
    '>',
    '#',
    ' #',
    '\t',
    '&x',
    '---',
    '...',
    '\\',
    '\0',
    'é',
    '1',
  ];
  const property = fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
    try {
      parseYaml(parts.join(''));
    } catch (error) {
      assert.ok(error instanceof YamlError, String(error));
    }
  });
  fc.assert(property, { numRuns: 3000 });
});

for (const [what, text] of [
  ['many levels', '['.repeat(100_000)],
  ['many levels of maps', Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ['many levels of lists', '- '.repeat(100_000)],
  ['a long line', `a: ${'x'.repeat(240_000)}`],
  ['many quotes', `a: ${'" '.repeat(100_000)}`],
  ['many items of maps', '- a: b\n'.repeat(35_000)],
  ['many flow items', `a: [${'b,'.repeat(100_000)}`],
  ['many lines of flow items', `a: [\n${'b,\n'.repeat(80_000)}]`],
  ['many lines of a flow collection that does not end', `a: [${'\n'.repeat(240_000)}`],
  ['many blank lines', '\n'.repeat(240_000)],
  ['many comments', '#\n'.repeat(100_000)],
  ['many block lines', `a: |\n${'  x\n'.repeat(60_000)}`],
  ['too many characters', ' '.repeat(250_001)],
] as const) {
  test(`${what} do not take long`, () => {
    assertCpuTime(3000, () => {
      try {
        parseYaml(text);
      } catch (error) {
        assert.ok(error instanceof YamlError, String(error));
      }
    });
  });
}
