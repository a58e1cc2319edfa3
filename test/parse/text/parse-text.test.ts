import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ParseMode, parseText } from '../../../src/parse/index.ts';
import { plain } from '../plain.ts';

test('a counter keeps its name, help, labels, value and time', () => {
  const families = parseText(
    '# HELP http_requests_total All requests,\\n and \\\\.\n' +
      '# TYPE http_requests_total counter\n' +
      'http_requests_total{method="post",code="200"} 1027 1395066363000\n' +
      'http_requests_total{method="post",code="400"} 3\n',
  );
  assert.deepEqual(plain(families), [
    {
      name: 'http_requests_total',
      help: 'All requests,\n and \\.',
      type: 'counter',
      points: [
        { labels: { method: 'post', code: '200' }, value: 1027, timestamp: 1395066363 },
        { labels: { method: 'post', code: '400' }, value: 3 },
      ],
    },
  ]);
});

test('the lines of a histogram become one point with non-cumulative counts', () => {
  const [family] = parseText(
    '# TYPE rpc_seconds histogram\n' +
      'rpc_seconds_bucket{job="a",le="0.5"} 2\n' +
      'rpc_seconds_bucket{job="a",le="1"} 5\n' +
      'rpc_seconds_bucket{job="a",le="+Inf"} 6\n' +
      'rpc_seconds_sum{job="a"} 4.5\n' +
      'rpc_seconds_count{job="a"} 6\n',
  );
  assert.deepEqual(plain(family?.points), [
    { labels: { job: 'a' }, value: { upperBounds: [0.5, 1], bucketCounts: [2, 3, 1], count: 6, sum: 4.5 } },
  ]);
});

test('lines of histograms in any order become the same points', () => {
  const [family] = parseText(
    '# TYPE h histogram\n' +
      'h_count{a="1",b="2"} 3\n' +
      'h_bucket{le="+Inf",b="2",a="1"} 3\n' +
      'h_bucket{a="2",b="2",le="+Inf"} 7\n' +
      'h_bucket{b="2",a="1",le="1"} 1\n' +
      'h_sum{b="2",a="1"} 9\n',
  );
  assert.deepEqual(plain(family?.points), [
    { labels: { a: '1', b: '2' }, value: { upperBounds: [1], bucketCounts: [1, 2], count: 3, sum: 9 } },
    {
      labels: { a: '2', b: '2' },
      value: { upperBounds: [], bucketCounts: [7], count: 7, sum: Number.NaN, hasCount: false, hasSum: false },
    },
  ]);
});

test('a summary has its quantiles in order', () => {
  const [family] = parseText('# TYPE s summary\ns{quantile="0.9"} 3\ns{quantile="0.5"} NaN\ns_sum 4\ns_count 2\n');
  assert.deepEqual(plain(family?.points), [
    {
      labels: {},
      value: {
        count: 2,
        sum: 4,
        quantiles: [
          { quantile: 0.5, value: Number.NaN },
          { quantile: 0.9, value: 3 },
        ],
      },
    },
  ]);
});

test('samples that do not match their family become a family of type unknown', () => {
  const families = parseText('# TYPE h histogram\nh 1\nh_bucket 2\nother 3\n# TYPE h_count gauge\nh_count 4\n');
  assert.deepEqual(
    families.map(({ name, type, points }) => [name, type, [...points].length]),
    [
      ['h', 'histogram', 0],
      ['h', 'unknown', 1],
      ['h_bucket', 'unknown', 1],
      ['other', 'unknown', 1],
      ['h_count', 'gauge', 1],
    ],
  );
});

test('quoted names may contain any character', () => {
  const [family] = parseText('# TYPE "my.metric" gauge\n{"my.metric","a.\\"b\\"\\n"="ü"} 1\n{c="d","my.metric"} 2\n');
  assert.equal(family?.name, 'my.metric');
  assert.deepEqual(plain(family?.points), [
    { labels: { 'a."b"\n': 'ü' }, value: 1 },
    { labels: { c: 'd' }, value: 2 },
  ]);
});

test('__proto__ is a label like any other', () => {
  const [family] = parseText('m{__proto__="x",constructor="y"} 1\n');
  const [point] = family?.points ?? [];
  assert.deepEqual(Object.entries(point?.labels ?? {}), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  assert.equal(Object.getPrototypeOf(point?.labels), null);
  assert.equal('toString' in (point?.labels ?? {}), false);
});

test('integers beyond 2 ** 53 are rounded to the nearest double', () => {
  const [counter, histogram] = parseText(
    '# TYPE c counter\nc 18446744073709551615\n# TYPE h histogram\n' +
      'h_bucket{le="1"} 9007199254740993\nh_bucket{le="+Inf"} 9007199254740995\nh_count 9007199254740995\n',
  );
  assert.deepEqual(plain(counter?.points), [{ labels: {}, value: 2 ** 64 }]);
  const [point] = histogram?.type === 'histogram' ? histogram.points : [];
  assert.deepEqual([point?.value.count, point?.value.bucketCounts], [2 ** 53 + 4, [2 ** 53, 4]]);
});

const LINES: readonly (readonly [document: string, strict: boolean, prometheus: boolean])[] = [
  ['', true, true],
  [' \t', true, true],
  ['\n\n# anything \xff\n   # more\n#\n', true, true],
  ['m 1', false, true],
  ['m 1 # no\n', false, false],
  ['m 1\r\n', false, false],
  ['\ufeffm 1\n', false, false],
  ['m 1 -5\n', true, false],
  ['m 1 +5\n', true, false],
  ['m 1 1.5\n', false, false],
  ['m 1 9223372036854775807\n', true, true],
  ['m 1 9223372036854775808\n', false, false],
  ['  m 1\n', true, false],
  ['  {"m"} 1\n', true, true],
  ['m 1 \t \n', true, true],
  ['m\t{ a = "b" , }\t1\t2\n', true, true],
  ['m{a="b"}6\n', true, true],
  ['m{,} 1\n', false, false],
  ['m{a="b",,} 1\n', false, false],
  ['m{a="b" c="d"} 1\n', false, true],
  ['m{a="b"c="d"} 1\n', false, true],
  ['m{a="1",a="2"} 1\n', false, false],
  ['m{a="1","a"="2"} 1\n', false, false],
  ['m{a:b="1"} 1\n', false, false],
  ['m{__name__="n"} 1\n', false, false],
  ['m{"__name__"="n"} 1\n', false, false],
  ['m{a="\\t"} 1\n', false, true],
  ['m{a="x\ny"} 1\n', false, true],
  ['m{a="\0"} 1\n', true, true],
  ['{"m\0"} 1\n', true, false],
  ['{"\0"} 1\n', true, false],
  ['m{"a\0"="b"} 1\n', true, false],
  ['# HELP "m\0" text\n', true, false],
  ['# TYPE "m\0" gauge\n', true, false],
  ["m{a='b'} 1\n", false, false],
  ['m{a=b} 1\n', false, false],
  ['m{"n"} 1\n', false, false],
  ['{"m","n"} 1\n', false, false],
  ['{"m" a="b"} 1\n', false, false],
  ['{""} 1\n', false, false],
  ['{m} 1\n', false, false],
  ['"m" 1\n', false, false],
  ['{a="b"} 1\n', false, false],
  ['m 1e309\n', false, false],
  ['# TYPE m gauge\n# TYPE m gauge\n', false, true],
  ['# HELP m a\n# HELP m b\n', false, true],
  ['m 1\n# TYPE m gauge\n', false, true],
  ['# TYPE m  gauge\n', true, false],
  ['# TYPE m gauge \n', true, false],
  ['# TYPE m Gauge\n', false, false],
  ['# TYPE m gaugehistogram\n', false, false],
  ['# TYPE m\n', false, false],
  ['# HELP m\n', true, true],
  ['# HELP m \\t\n', false, true],
  ['# HELP m "quoted" \\"\n', true, true],
  ['# TYPE h histogram\nh_bucket{le="x"} 1\n', false, true],
  ['# TYPE h histogram\nh_count -1\n', false, true],
  ['# TYPE s summary\ns{quantile="x"} 1\n', false, true],
];

test('each mode accepts the expected documents', () => {
  for (const [document, strict, prometheus] of LINES) {
    assert.equal(isRead(document, 'strict'), strict, `strict: ${JSON.stringify(document)}`);
    assert.equal(isRead(document, 'prometheus'), prometheus, `prometheus: ${JSON.stringify(document)}`);
  }
});

test('invalid UTF-8 is accepted in comments only', () => {
  const at = (before: string, after: string) =>
    Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]);
  for (const mode of ['strict', 'prometheus'] as const) {
    assert.doesNotThrow(() => parseText(at('# ', '\nü 1\n'.replace('ü', 'm')), { mode }));
    assert.throws(() => parseText(at('# HELP m ', '\n'), { mode }), /expected valid UTF-8/);
    assert.throws(() => parseText(at('m{a="', '"} 1\n'), { mode }), /expected valid UTF-8/);
    assert.throws(() => parseText(at('m{"a', '"="b"} 1\n'), { mode }), /expected valid UTF-8/);
  }
  assert.throws(() => parseText('m{a="\ud800"} 1\n'), /expected valid UTF-8/);
});

function isRead(document: string, mode: ParseMode): boolean {
  const bytes = document.includes('\xff') ? Buffer.from(document, 'latin1') : document;
  let isFine = true;
  parseText(bytes, {
    mode,
    onError: () => {
      isFine = false;
    },
  });
  return isFine;
}
