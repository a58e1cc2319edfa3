/** `check` reports violations of the text format with their line and rule. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf, zeroprom } from '../zeroprom.ts';

interface Found {
  readonly line?: number;
  readonly rule: string;
  readonly family?: string;
}

const HISTOGRAM = '# HELP h H.\n# TYPE h histogram\n';
const SUMMARY = '# HELP s S.\n# TYPE s summary\n';
const GAUGES = '# HELP a A.\n# TYPE a gauge\n# HELP b B.\n# TYPE b gauge\n';

/** Documents in the text format, and the lines and rules of the expected findings. */
const DOCUMENTS: readonly (readonly [what: string, document: string, found: readonly string[]])[] = [
  ['a sound histogram', `${HISTOGRAM}h_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 1\nh_count 2\n`, []],
  [
    'a sum and a count before the buckets',
    `${HISTOGRAM}h_count 2\nh_sum 1\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\n`,
    [],
  ],
  ['no sum', `${HISTOGRAM}h_bucket{le="+Inf"} 2\nh_count 2\n`, []],
  [
    'buckets that hold nothing',
    `${HISTOGRAM}h_bucket{le="-1"} 0\nh_bucket{le="1"} 0\nh_bucket{le="+Inf"} 0\nh_count 0\n`,
    [],
  ],
  [
    'histograms line by line',
    `${HISTOGRAM}h_bucket{a="1",le="1"} 1\nh_bucket{a="2",le="1"} 5\nh_bucket{a="1",le="+Inf"} 2\nh_bucket{a="2",le="+Inf"} 6\nh_count{a="1"} 2\nh_count{a="2"} 6\n`,
    [],
  ],
  [
    'a bucket twice',
    `${HISTOGRAM}h_bucket{le="1"} 1\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\nh_count 3\n`,
    ['4 duplicate-metric'],
  ],
  [
    'a bucket twice with the same value',
    `${HISTOGRAM}h_bucket{le="1"} 1\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 3\nh_count 3\n`,
    ['4 duplicate-metric'],
  ],
  ['+Inf twice', `${HISTOGRAM}h_bucket{le="+Inf"} 3\nh_bucket{le="+Inf"} 3\nh_count 3\n`, ['4 duplicate-metric']],
  [
    'sum and count twice',
    `${HISTOGRAM}h_bucket{le="+Inf"} 3\nh_sum 1\nh_sum 2\nh_count 3\nh_count 4\n`,
    ['5 duplicate-metric', '7 duplicate-metric'],
  ],
  [
    'a bucket twice at other times',
    `${HISTOGRAM}h_bucket{le="+Inf"} 3 1\nh_bucket{le="+Inf"} 3 2\nh_count 3\n`,
    ['4 duplicate-metric'],
  ],
  [
    'a bucket twice, once with an empty label',
    `${HISTOGRAM}h_bucket{le="+Inf"} 3\nh_bucket{a="",le="+Inf"} 3\nh_count 3\n`,
    ['4 duplicate-metric'],
  ],
  [
    'a bucket twice, spelled otherwise',
    `${HISTOGRAM}h_bucket{le="1"} 1\nh_bucket{le="1.0"} 1\nh_bucket{le="+Inf"} 3\nh_count 3\n`,
    ['4 bucket-order'],
  ],
  [
    'buckets out of order',
    `${HISTOGRAM}h_bucket{le="2"} 1\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 3\nh_count 3\n`,
    ['4 bucket-order'],
  ],
  ['+Inf first', `${HISTOGRAM}h_bucket{le="+Inf"} 3\nh_bucket{le="1"} 3\nh_count 3\n`, ['4 bucket-order']],
  [
    'buckets in the order of their texts',
    `${HISTOGRAM}h_bucket{le="10"} 1\nh_bucket{le="2"} 1\nh_bucket{le="+Inf"} 3\nh_count 3\n`,
    ['4 bucket-order'],
  ],
  [
    'buckets out of order, with others between them',
    `${HISTOGRAM}h_bucket{a="1",le="2"} 1\nh_bucket{a="2",le="1"} 1\nh_bucket{le="1",a="1"} 1\nh_bucket{a="2",le="+Inf"} 1\nh_bucket{a="1",le="+Inf"} 1\nh_count{a="1"} 1\nh_count{a="2"} 1\n`,
    ['5 bucket-order'],
  ],
  [
    'a count that falls',
    `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="2"} 1\nh_bucket{le="+Inf"} 3\nh_count 3\n`,
    ['4 bucket-counts'],
  ],
  [
    'a count that falls at +Inf',
    `${HISTOGRAM}h_bucket{le="1"} 5\nh_bucket{le="+Inf"} 3\nh_count 3\n`,
    ['4 bucket-counts'],
  ],
  ['an invalid count', `${HISTOGRAM}h_bucket{le="1"} NaN\nh_bucket{le="+Inf"} 3\nh_count 3\n`, ['3 bucket-counts']],
  ['no +Inf', `${HISTOGRAM}h_bucket{le="1"} 2\nh_sum 1\nh_count 3\n`, ['5 inf-bucket']],
  ['no buckets at all', `${HISTOGRAM}h_sum 1\nh_count 3\n`, ['4 inf-bucket']],
  [
    'no +Inf of one of two',
    `${HISTOGRAM}h_bucket{a="1",le="+Inf"} 2\nh_count{a="1"} 2\nh_bucket{a="2",le="1"} 2\nh_count{a="2"} 2\n`,
    ['6 inf-bucket'],
  ],
  ['+Inf that is not the count', `${HISTOGRAM}h_bucket{le="+Inf"} 2\nh_count 3\n`, ['4 inf-bucket']],
  ['a count before +Inf that is not the same', `${HISTOGRAM}h_count 3\nh_bucket{le="+Inf"} 2\n`, ['4 inf-bucket']],
  ['no count', `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 2\nh_sum 1\n`, ['4 inf-bucket']],
  ['a bucket without le', `${HISTOGRAM}h_bucket 2\nh_bucket{le="+Inf"} 2\nh_count 2\n`, ['3 bucket-label']],
  ['a bucket of NaN', `${HISTOGRAM}h_bucket{le="NaN"} 2\nh_bucket{le="+Inf"} 2\nh_count 2\n`, ['3 bucket-label']],
  ['a sound summary', `${SUMMARY}s{quantile="0.5"} 1\ns{quantile="0.9"} NaN\ns_sum 1\ns_count 2\n`, []],
  ['a summary of quantiles only', `${SUMMARY}s{quantile="0.5"} 1\n`, []],
  ['a quantile twice', `${SUMMARY}s{quantile="0.5"} 1\ns{quantile="0.5"} 2\n`, ['4 duplicate-metric']],
  [
    'a quantile twice, spelled otherwise',
    `${SUMMARY}s{quantile="0.5"} 1\ns{quantile="0.50"} 2\n`,
    ['4 quantile-order'],
  ],
  ['quantiles out of order', `${SUMMARY}s{quantile="0.9"} 1\ns{quantile="0.5"} 2\n`, ['4 quantile-order']],
  [
    'a sum of a summary twice',
    `${SUMMARY}s_sum 1\ns_sum 2\ns_count 1\ns_count 1\n`,
    ['4 duplicate-metric', '6 duplicate-metric'],
  ],
  ['a sample of a summary without quantile', `${SUMMARY}s 1\n`, ['3 quantile-label']],
  ['a series twice', `${GAUGES}a 1\na 2\n`, ['5 metric-group', '6 duplicate-metric']],
  [
    'an empty label beside none',
    '# HELP a A.\n# TYPE a gauge\na 1\na{b=""} 1\na{b="",c=""} 1\n',
    ['4 duplicate-metric', '5 duplicate-metric'],
  ],
  [
    'an empty label beside another',
    '# HELP a A.\n# TYPE a gauge\na{b="1"} 1\na{c="",b="1"} 1\na{b="2",c=""} 1\n',
    ['4 duplicate-metric'],
  ],
  ['the same series at other times', '# HELP a A.\n# TYPE a gauge\na 1 1\na 1 2\n', ['4 duplicate-metric']],
  [
    'lines of a metric apart',
    '# HELP a A.\n# TYPE a gauge\na{x="1"} 1\n# HELP b B.\n# TYPE b gauge\nb 1\na{x="2"} 1\n',
    ['7 metric-group'],
  ],
  ['lines of a metric without type apart', 'a{x="1"} 1\nb 1\na{x="2"} 1\n', ['1 help', '2 help', '3 metric-group']],
  ['all metadata first', `${GAUGES}a 1\nb 1\n`, ['5 metric-group', '6 metric-group']],
  [
    'lines of a histogram apart',
    `${HISTOGRAM}h_bucket{le="+Inf"} 1\n# HELP a A.\n# TYPE a gauge\na 1\nh_count 1\n`,
    ['7 metric-group'],
  ],
  ['help after samples', '# TYPE a gauge\na 1\n# HELP a A.\n', ['3 metadata-first']],
  [
    'help after the samples of a histogram',
    '# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_count 1\n# HELP h H.\n',
    ['4 metadata-first'],
  ],
  ['type after samples', '# HELP a A.\na 1\n# TYPE a gauge\n', ['3 parse']],
  ['type twice', '# HELP a A.\n# TYPE a gauge\n# TYPE a gauge\na 1\n', ['3 parse']],
  ['help twice', '# HELP a A.\n# HELP a A.\n# TYPE a gauge\na 1\n', ['2 parse']],
];

for (const [what, document, expected] of DOCUMENTS) {
  test(`${what}: ${expected.join(', ') || 'nothing is found'}`, async (t) => {
    assert.deepEqual(await check(t, document), expected);
  });
}

async function check(t: Parameters<typeof folderOf>[0], document: string, ...args: string[]): Promise<string[]> {
  const path = folderOf(t, { file: document });
  const { stdout } = await zeroprom(['check', '--format', 'json', ...args, path('file')]);
  return JSON.parse(stdout).map(({ line, rule }: Found) => `${line} ${rule}`);
}

test('a finding in a line names the series and the family', async (t) => {
  const path = folderOf(t, {
    file: `${HISTOGRAM}h_bucket{a="b\\"c",le="1"} 2\nh_bucket{a="b\\"c",le="+Inf"} 1\nh_count{a="b\\"c"} 1\n`,
  });
  const { code, stdout } = await zeroprom(['check', '--format', 'json', path('file')]);
  assert.equal(code, 3);
  assert.deepEqual(JSON.parse(stdout), [
    {
      input: path('file'),
      severity: 'error',
      column: 1,
      line: 4,
      rule: 'bucket-counts',
      family: 'h',
      message: 'h_bucket{a="b\\"c",le="+Inf"} is 1, but the bucket below it is 2.',
      hint: 'Buckets are cumulative: each includes all buckets below it.',
    },
  ]);
});

test('--disable also disables rules for lines', async (t) => {
  const document = '# HELP a A.\n# TYPE a gauge\na 1\nb 1\na 1\n';
  const all = ['3 help', '4 metric-group'];
  assert.deepEqual((await check(t, document)).slice(0, 1), ['4 help'], all.join());
  const args = ['help', 'metric-group', 'duplicate-metric'].flatMap((rule) => ['--disable', rule]);
  assert.deepEqual(await check(t, document, ...args), []);
});

test('--mode prometheus checks what servers require, but not groups', async (t) => {
  const apart = 'a{x="1"} 1\nb 1\na{x="2"} 1\n# HELP a A.\n# HELP b B.\n';
  assert.deepEqual(await check(t, apart, '--mode', 'prometheus'), []);
  const uneven = `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_count 1\nh_count 1\n`;
  assert.deepEqual(await check(t, uneven, '--mode', 'prometheus'), ['4 bucket-counts', '6 duplicate-metric']);
});

test('OpenMetrics is checked in prometheus mode as well', async (t) => {
  const document = `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 3\n# HELP g G.\n# TYPE g gaugehistogram\ng_bucket{le="1"} 1\ng_gcount 1\n# EOF\n`;
  assert.deepEqual(await check(t, document, '--mode', 'prometheus'), [
    '4 bucket-counts',
    '6 inf-bucket',
    '10 inf-bucket',
  ]);
});

test('in OpenMetrics, a series may have several samples with different timestamps', async (t) => {
  const times = [1, 2].map(
    (time) => `h_bucket{le="1"} 1 ${time}\nh_bucket{le="+Inf"} 2 ${time}\nh_sum 1 ${time}\nh_count 2 ${time}\n`,
  );
  const document = `${HISTOGRAM}${times.join('')}# EOF\n`;
  for (const mode of ['strict', 'prometheus']) assert.deepEqual(await check(t, document, '--mode', mode), []);
});

test('formats without lines are checked family by family', async (t) => {
  const value = { upperBounds: [1, 1], bucketCounts: [2, -1, 3], count: 5, sum: 1 };
  const points = [{ value }, { value }, { value, labels: { a: '' } }];
  const path = folderOf(t, { file: JSON.stringify([{ name: 'h', help: 'H.', type: 'histogram', points }]) });
  const { stdout } = await zeroprom(['check', '--format', 'json', path('file')]);
  const rules = JSON.parse(stdout).map(({ rule }: Found) => rule);
  assert.deepEqual(rules, ['duplicate-metric', 'duplicate-metric', 'bucket-order', 'bucket-counts', 'inf-bucket']);
});

test('a thousand findings of each rule are shown, and the others are counted', async (t) => {
  const lines = Array.from({ length: 1234 }, (_, index) => `m${index} 1\n`).join('');
  const path = folderOf(t, { file: `${lines}${'m0 1\n'.repeat(1002)}` });
  const { code, stdout } = await zeroprom(['check', path('file')]);
  const shown = stdout.trimEnd().split('\n');
  assert.deepEqual([code, shown.length], [3, 2003]);
  assert.deepEqual(shown.slice(-2), [
    `${path('file')}: duplicate-metric: 2 more findings of this rule are not shown.`,
    `${path('file')}: help: 234 more findings of this rule are not shown.`,
  ]);
});

test('a long series is truncated in messages', async (t) => {
  const series = `a{b="${'x'.repeat(100_000)}"} 1\n`;
  const path = folderOf(t, { file: `# HELP a A.\n# TYPE a gauge\n${series}${series}` });
  const { stdout } = await zeroprom(['check', path('file')]);
  assert.match(stdout, /file:4:1: duplicate-metric: a\{b="x{150,200}… occurs more than once\./);
});
