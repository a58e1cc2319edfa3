import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricFamily } from '../../../src/model/family.ts';
import { type OpenMetricsOptions, parseOpenMetrics } from '../../../src/parse/index.ts';
import { plain } from '../plain.ts';

test('a family has the full name of its samples, and their start time', () => {
  const families = parseOpenMetrics(
    '# TYPE foo_seconds counter\n# UNIT foo_seconds seconds\n# HELP foo_seconds Some \\"help\\".\n' +
      'foo_seconds_total{a="b"} 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67 1520879600\n' +
      'foo_seconds_created{a="b"} 1520430000.123 1520879607.789\n# TYPE build info\nbuild_info{v="1"} 1\n# EOF\n',
  );
  assert.deepEqual(plain(families), [
    {
      name: 'foo_seconds_total',
      help: 'Some "help".',
      type: 'counter',
      unit: 'seconds',
      points: [
        {
          labels: { a: 'b' },
          value: 17,
          timestamp: 1520879607.789,
          exemplar: { labels: { trace_id: 'KOO5S4vxi0o' }, value: 0.67, timestamp: 1520879600 },
          startTimestamp: 1520430000.123,
        },
      ],
    },
    { name: 'build_info', help: '', type: 'info', points: [{ labels: { v: '1' }, value: 1 }] },
  ]);
});

test('exemplars belong to their buckets, and states to their state set', () => {
  const [histogram, states] = parseOpenMetrics(
    '# TYPE h gaugehistogram\nh_bucket{le="1.0"} 1\nh_bucket{le="+Inf"} 3 # {} 7.0\nh_gcount 3\nh_gsum 9.0\n' +
      '# TYPE s stateset\ns{s="on",a="1"} 1\ns{s="off",a="1"} 0\ns{s="on",a="2"} 0\n# EOF\n',
  );
  assert.deepEqual(plain(histogram?.points), [
    {
      labels: {},
      value: {
        upperBounds: [1],
        bucketCounts: [1, 2],
        count: 3,
        sum: 9,
        exemplars: [undefined, { labels: {}, value: 7 }],
      },
    },
  ]);
  assert.deepEqual(plain(states?.points), [
    { labels: { a: '1' }, value: { states: ['on', 'off'], enabled: [1, 0] } },
    { labels: { a: '2' }, value: { states: ['on'], enabled: [0] } },
  ]);
});

const DOCUMENTS: readonly (readonly [document: string, strict: boolean, prometheus: boolean])[] = [
  ['', false, false],
  ['# EOF', true, true],
  ['# EOF\n', true, true],
  ['# EOF\n\n', false, false],
  ['a 1\n', false, false],
  ['a  1\n# EOF\n', false, false],
  ['a 1 \n# EOF\n', false, false],
  ['a\t1\n# EOF\n', false, false],
  ['a{} 1\n# EOF\n', true, true],
  ['a {} 1\n# EOF\n', false, false],
  ['a{b="c", d="e"} 1\n# EOF\n', false, false],
  ['a{b="c",} 1\n# EOF\n', false, true],
  ['{b="c","a"} 1\n# EOF\n', false, true],
  ['{"a.b",c="d"} 1\n# EOF\n', true, true],
  ['{"a\0"} 1\n# EOF\n', true, false],
  ['a{"b\0"="c"} 1\n# EOF\n', true, false],
  ['a{b="\0"} 1\n# EOF\n', true, true],
  ['# TYPE "a\0" gauge\n# EOF\n', true, false],
  ['# HELP "a\0" text\n# EOF\n', true, false],
  ['# HELP a \0\n# EOF\n', true, true],
  ['# TYPE a counter\na_total 1 # {"b\0"="c"} 1\n# EOF\n', true, false],
  ['# TYPE a counter\na_total 1 # {b="\0"} 1\n# EOF\n', true, false],
  ['a 1e309\n# EOF\n', true, false],
  ['a 1 NaN\n# EOF\n', false, false],
  ['a 1 -5.5\n# EOF\n', true, true],
  ['# a comment\n# EOF\n', false, false],
  ['# HELP a\n# EOF\n', false, false],
  ['# HELP a \n# EOF\n', true, true],
  ['# HELP a a "raw" quote\n# EOF\n', true, true],
  ['# TYPE a untyped\n# EOF\n', false, false],
  ['# UNIT a_seconds seconds\n# EOF\n', true, true],
  ['# UNIT a seconds\n# EOF\n', false, false],
  ['# TYPE a info\n# UNIT a_b b\n# EOF\n', true, true],
  ['# TYPE a_b info\n# UNIT a_b b\n# EOF\n', false, true],
  ['# TYPE a counter\na 1\n# EOF\n', false, true],
  ['# TYPE a counter\na_total -1\n# EOF\n', false, true],
  ['# TYPE a counter\n# TYPE a counter\n# EOF\n', false, true],
  ['# TYPE a_count gauge\n# TYPE a summary\n# EOF\n', false, true],
  ['# TYPE a gauge\na{b="1"} 1\na{b="2"} 1\na{b="1"} 1\n# EOF\n', false, true],
  ['# TYPE a gauge\na 1 2\na 1 1\n# EOF\n', false, true],
  ['# TYPE a gauge\na 1\na 1 1\n# EOF\n', false, true],
  ['# TYPE a gauge\na 1 # {b="c"} 1\n# EOF\n', false, true],
  ['# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\n# EOF\n', false, true],
  ['# TYPE a histogram\na_bucket{le="1"} 2\n# EOF\n', false, true],
  ['# TYPE a histogram\na_bucket{le="inf"} 2\n# EOF\n', false, true],
  ['# TYPE a histogram\na_bucket{le="+Inf"} 2\na_count 2\n# EOF\n', false, true],
  ['# TYPE a histogram\na_bucket{le="+Inf"} 2\na_count 3\na_sum 1\n# EOF\n', false, true],
  ['# TYPE a summary\na{quantile="2"} 1\n# EOF\n', false, true],
  ['# TYPE a stateset\na{a="x"} 2\n# EOF\n', false, true],
];

test('each mode accepts the expected documents', () => {
  for (const [document, strict, prometheus] of DOCUMENTS) {
    assert.equal(isRead(document, { mode: 'strict' }), strict, `strict: ${JSON.stringify(document)}`);
    assert.equal(isRead(document, { mode: 'prometheus' }), prometheus, `prometheus: ${JSON.stringify(document)}`);
  }
});

test('labels of an exemplar have at most 128 code points', () => {
  const document = (value: string) => `# TYPE a counter\na_total 1 # {b="${value}"} 1\n# EOF\n`;
  assert.equal(isRead(document('😀'.repeat(127))), true);
  assert.equal(isRead(document('😀'.repeat(128))), false);
  assert.equal(isRead(document('\\"'.repeat(127))), true);
});

const VERSION_2: readonly (readonly [document: string, strict: boolean, prometheus: boolean])[] = [
  ['', false, false],
  ['# EOF\n', true, true],
  ['a 1\n# EOF\n', true, true],
  ['a  1\n# EOF\n', false, false],
  ['a{b="c",} 1\n# EOF\n', false, true],
  ['{"a.b",c="d"} 1\n# EOF\n', true, true],
  ['{c="d","a.b"} 1\n# EOF\n', false, false],
  ['{"a\0"} 1\n# EOF\n', true, false],
  ['a 1e309\n# EOF\n', true, false],
  ['a 1 NaN\n# EOF\n', false, false],
  ['a 1 st@1\n# EOF\n', true, true],
  ['a 1 st@NaN\n# EOF\n', false, false],
  ['# TYPE a_total counter\na_total 1 2 st@1 # {} 1 1 # {b="c"} 2 2\n# EOF\n', true, true],
  ['# TYPE a_total counter\na_total 1 ST@1\n# EOF\n', false, false],
  ['# TYPE a_total counter\na_total 1 # {} 1\n# EOF\n', false, false],
  ['# TYPE a counter\na 1\n# EOF\n', true, true],
  ['# TYPE a counter\na NaN\n# EOF\n', false, false],
  ['# TYPE a counter\na -1\n# EOF\n', false, true],
  ['# TYPE a counter\n# TYPE a counter\n# EOF\n', false, true],
  ['# HELP a a "raw" quote\n# EOF\n', false, true],
  ['# HELP a text\r\n# EOF\n', true, false],
  ['# UNIT a seconds\n# EOF\n', true, true],
  ['# UNIT a s/m\n# EOF\n', false, true],
  ['# TYPE a_info info\n# UNIT a_info b\n# EOF\n', false, false],
  ['# TYPE a_info info\na_info 1\n# EOF\n', true, true],
  ['# TYPE a_info info\na_info 2\n# EOF\n', false, false],
  ['# TYPE a info\na 1\n# EOF\n', false, false],
  ['# TYPE a stateset\na{a="x"} 1\n# EOF\n', true, true],
  ['# TYPE a stateset\na{a="x"} 2\n# EOF\n', false, false],
  ['# TYPE a stateset\na{b="x"} 1\n# EOF\n', false, false],
  ['# TYPE a gauge\na{b="1"} 1\na{b="2"} 1\na{b="1"} 1\n# EOF\n', false, true],
  ['# TYPE a gauge\na {count:1,sum:2,bucket:[+Inf:1]}\n# EOF\n', false, false],
  ['a {count:1,sum:2,bucket:[+Inf:1]}\n# EOF\n', true, false],
  ['# TYPE a histogram\na 1\n# EOF\n', false, false],
  ['# TYPE a histogram\na_bucket{le="+Inf"} 1\n# EOF\n', true, true],
  ['# TYPE a histogram\na {count:1,sum:2,bucket:[+Inf:1]}\n# EOF\n', true, true],
  ['# TYPE a histogram\na{le="1"} {count:1,sum:2,bucket:[+Inf:1]}\n# EOF\n', true, false],
  ['# TYPE a histogram\na {gcount:1,gsum:2,bucket:[+Inf:1]}\n# EOF\n', false, false],
  ['# TYPE a histogram\na {count:1,sum:2,bucket:[-Inf:0,1:1,+Inf:1]}\n# EOF\n', true, true],
  ['# TYPE a histogram\na {count:1,sum:2,bucket:[1:1]}\n# EOF\n', false, false],
  ['# TYPE a histogram\na {count:1,sum:2,bucket:[1:1,inf:1]}\n# EOF\n', false, true],
  ['# TYPE a histogram\na {count:1,sum:2,bucket:[2:1,1:1,+Inf:1]}\n# EOF\n', false, false],
  ['# TYPE a histogram\na {count:1,sum:2,bucket:[+Inf:2]}\n# EOF\n', false, true],
  ['# TYPE a histogram\na {count:1,sum:2,bucket:[1:-1,+Inf:1]}\n# EOF\n', false, false],
  ['# TYPE a histogram\na {count:1, sum:2,bucket:[+Inf:1]}\n# EOF\n', false, false],
  ['# TYPE a histogram\na {sum:2,count:1,bucket:[+Inf:1]}\n# EOF\n', false, true],
  ['# TYPE a histogram\na {count:1,count:1,sum:2,bucket:[+Inf:1]}\n# EOF\n', false, false],
  ['# TYPE a histogram\na {count:1,sum:2}\n# EOF\n', false, false],
  ['# TYPE a histogram\na {count:1,sum:2,schema:0,zero_threshold:0,zero_count:1}\n# EOF\n', true, true],
  ['# TYPE a histogram\na {count:1,sum:2,schema:9,zero_threshold:0,zero_count:1}\n# EOF\n', false, false],
  ['# TYPE a histogram\na {count:1,sum:2,schema:0,zero_threshold:-1,zero_count:1}\n# EOF\n', false, false],
  [
    '# TYPE a histogram\na {count:1,sum:2,schema:0,zero_threshold:0,zero_count:0,positive_spans:[0:999999999],positive_buckets:[1]}\n# EOF\n',
    false,
    false,
  ],
  ['# TYPE a gaugehistogram\na {gcount:1,gsum:2,bucket:[+Inf:1]}\n# EOF\n', true, true],
  ['# TYPE a gaugehistogram\na {gcount:-1,gsum:2,bucket:[+Inf:-1]}\n# EOF\n', true, true],
  ['# TYPE a gaugehistogram\na {gcount:1,gsum:2,bucket:[+Inf:1]} st@1\n# EOF\n', false, true],
  ['# TYPE a summary\na {count:1,sum:2,quantile:[]}\n# EOF\n', true, true],
  ['# TYPE a summary\na {count:1,sum:2,quantile:[0.5:1,0.9:NaN]}\n# EOF\n', true, true],
  ['# TYPE a summary\na {count:1,sum:2,quantile:[0.9:1,0.5:1]}\n# EOF\n', false, false],
  ['# TYPE a summary\na {count:1,sum:2,quantile:[1.5:1]}\n# EOF\n', false, false],
  ['# TYPE a summary\na {count:1,sum:-2,quantile:[0.5:1]}\n# EOF\n', false, true],
  ['# TYPE a summary\na{quantile="1"} {count:1,sum:2,quantile:[0.5:1]}\n# EOF\n', true, false],
];

for (const mode of ['strict', 'prometheus'] as const) {
  test(`${mode} mode accepts the documents of OpenMetrics 2.0 that it should, and no others`, () => {
    for (const [document, strict, prometheus] of VERSION_2) {
      const expected = mode === 'strict' ? strict : prometheus;
      assert.equal(isRead(document, { version: '2.0.0', mode }), expected, JSON.stringify(document));
    }
  });
}

test('a composite value is a histogram with both kinds of buckets', () => {
  const [family] = parseOpenMetrics(
    '# TYPE h histogram\nh {count:22,sum:4.0,schema:3,zero_threshold:0.5,zero_count:1,negative_spans:[1:2],' +
      'negative_buckets:[2,4],positive_spans:[-1:2,3:1],positive_buckets:[5,7,3],bucket:[0.5:1,1.0:8,+Inf:22]} ' +
      '1520879609.5 st@1520430000.25 # {a="b"} 0.7 1520879607\n# EOF\n',
    { version: '2.0.0' },
  );
  assert.deepEqual(plain(family?.points), [
    {
      labels: {},
      value: {
        upperBounds: [0.5, 1],
        bucketCounts: [1, 7, 14],
        count: 22,
        sum: 4,
        native: {
          schema: 3,
          zeroThreshold: 0.5,
          zeroCount: 1,
          positive: { indexes: [-1, 0, 4], counts: [5, 7, 3] },
          negative: { indexes: [1, 2], counts: [2, 4] },
        },
        exemplars: [undefined, { labels: { a: 'b' }, value: 0.7, timestamp: 1520879607 }, undefined],
      },
      timestamp: 1520879609.5,
      startTimestamp: 1520430000.25,
    },
  ]);
});

/** The upper bound of each bucket that has exemplars, with their values. */
function exemplarsOfBuckets(families: readonly MetricFamily[]): Record<string, readonly number[]> {
  const found: Record<string, readonly number[]> = {};
  for (const { name, points } of families) {
    for (const { labels = {}, exemplar, exemplars = exemplar && [exemplar] } of name === 'h_bucket' ? points : []) {
      if (exemplars !== undefined) found[String(labels['le'])] = exemplars.map(({ value }) => value);
    }
  }
  return found;
}

const SCATTERED = [3, Number.NaN, 1, -5, 2.5, 99, 1.5, 0, 2].map((value) => ` # {} ${value} 1`).join('');
const IN_BUCKETS = { '1.0': [1, -5, 0], '2.0': [1.5, 2], '3.0': [3, 2.5], '+Inf': [Number.NaN, 99] };

test('each exemplar of a composite value stays in its bucket if the buckets become series', () => {
  const buckets = (count: number) => `h {count:${count},sum:1,bucket:[1:0,2:0,3:1,+Inf:3]}${SCATTERED}\n# EOF\n`;
  const options = { version: '2.0.0', mode: 'prometheus' } as const;
  const inconsistent = parseOpenMetrics(`# TYPE h histogram\n${buckets(4)}`, options);
  assert.deepEqual(exemplarsOfBuckets(inconsistent), IN_BUCKETS);
  const split = parseOpenMetrics(`# TYPE h_count gauge\nh_count 1\n# TYPE h histogram\n${buckets(3)}`, options);
  assert.deepEqual(exemplarsOfBuckets(split), IN_BUCKETS);
});

test('prometheus mode rejects values whose series would have many times the labels of the line', () => {
  const list = (length: number, item: (index: number) => string) =>
    Array.from({ length }, (_, index) => item(index)).join();
  const labels = (length: number) => list(length, (index) => `label_${index}="value"`);
  const histogram = (labelCount: number, buckets: number, count: number) =>
    `# TYPE h histogram\nh{${labels(labelCount)}} {count:${count},sum:0,bucket:[${list(buckets, (index) => `${index}.5:0`)},+Inf:0]}\n# EOF\n`;
  const summary = (labelCount: number, quantiles: number) =>
    `# TYPE s summary\ns{${labels(labelCount)}} {count:-1,sum:0,quantile:[${list(quantiles, (index) => `${index / 1e4}:1`)}]}\n# EOF\n`;
  const options = { version: '2.0.0', mode: 'prometheus' } as const;
  for (const count of [0, 1]) {
    assert.ok(isRead(histogram(40, 200, count), options));
    assert.ok(!isRead(histogram(1000, 1000, count), options));
  }
  assert.ok(isRead(histogram(1000, 1000, 0), { version: '2.0.0' }), 'strict mode makes no series of it');
  assert.ok(isRead(summary(40, 200), options));
  assert.ok(!isRead(summary(1000, 1000), options));
});

test('integers of composite values have 64 bits and any number of leading zeros', () => {
  const ofCount = (count: string) =>
    `# TYPE h histogram\nh {count:${Number(count)},sum:0,schema:+0,zero_threshold:0,zero_count:0,` +
    `positive_spans:[-00:001],positive_buckets:[${count}]}\n# EOF\n`;
  const options = { version: '2.0.0', mode: 'prometheus' } as const;
  assert.ok(isRead(ofCount(`${'0'.repeat(100)}9007199254740992`), options));
  assert.ok(isRead(ofCount('+4'), options));
  for (const count of ['9223372036854775808', '-1', '+-1', '']) {
    assert.ok(!isRead(ofCount(count), options), count);
  }
});

function isRead(document: string, options: OpenMetricsOptions = {}): boolean {
  let isFine = true;
  parseOpenMetrics(document, {
    ...options,
    onError: () => {
      isFine = false;
    },
  });
  return isFine;
}
