import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseProtobuf } from '../../../src/parse/index.ts';
import { startExample } from '../../child.ts';
import { folderOf, shell, zeroprom } from '../zeroprom.ts';

const TEXT = `# HELP jobs_total Jobs.
# TYPE jobs_total counter
jobs_total{kind="a\\"b"} 3
# HELP wait_seconds Wait.
# TYPE wait_seconds histogram
wait_seconds_bucket{le="0.5"} 1
wait_seconds_bucket{le="+Inf"} 2
wait_seconds_sum 3.25
wait_seconds_count 2
`;

test('convert writes text as OpenMetrics', async (t) => {
  const path = folderOf(t, { file: TEXT });
  assert.deepEqual(await zeroprom(['convert', '--to', 'openmetrics', path('file')]), {
    code: 0,
    stderr: '',
    stdout: `# HELP jobs Jobs.
# TYPE jobs counter
jobs_total{kind="a\\"b"} 3
# HELP wait_seconds Wait.
# TYPE wait_seconds histogram
wait_seconds_bucket{le="0.5"} 1
wait_seconds_bucket{le="+Inf"} 2
wait_seconds_sum 3.25
wait_seconds_count 2
# EOF
`,
  });
});

for (const format of ['text-1.0.0', 'openmetrics', 'openmetrics-2', 'protobuf', 'json']) {
  test(`${format} and back yields the same text`, async (t) => {
    const path = folderOf(t, { file: TEXT });
    const { code, stdout } = await shell(
      t,
      `set -o pipefail; zeroprom convert --to ${format} '${path('file')}' | gzip | zeroprom convert --to text`,
    );
    assert.equal(code, 0);
    assert.deepEqual(stdout.split('\n').sort(), TEXT.split('\n').sort());
  });
}

test('binary output is written unchanged', async (t) => {
  const path = folderOf(t, { file: `a{b="${'é'.repeat(300)}"} 1e300\n` });
  const { code } = await shell(t, `zeroprom convert --to protobuf '${path('file')}' > '${path('out')}'`);
  const [family] = parseProtobuf(readFileSync(path('out')));
  assert.deepEqual(
    [code, family?.name, { ...[...(family?.points ?? [])][0]?.labels }],
    [0, 'a', { b: 'é'.repeat(300) }],
  );
});

test('names that text cannot represent are escaped with the given scheme', async (t) => {
  const path = folderOf(t, { file: '# TYPE "a.b" gauge\n{"a.b"} 1\n' });
  const names = await Promise.all(
    [[], ['--escaping', 'dots'], ['--escaping', 'allow-utf-8']].map(async (args) => {
      return (await zeroprom(['convert', '--to', 'text', ...args, path('file')])).stdout.split('\n').at(-2);
    }),
  );
  assert.deepEqual(names, ['a_b 1', 'a_dot_b 1', '{"a.b"} 1']);
});

test('nothing is written if the input contains an error', async (t) => {
  const path = folderOf(t, { file: 'fine 1\nbroken\nbroken too\n' });
  const { code, stdout, stderr } = await zeroprom(['convert', '--to', 'json', path('file')]);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(
    stderr,
    /^zeroprom convert: .*file: Line 2, column 7: expected .* There is 1 more error; zeroprom check shows it\.\n$/,
  );
});

test('data that the format cannot represent is reported, the rest is written, and the exit code is 3', async (t) => {
  const path = folderOf(t, { file: '# TYPE a_total counter\na_total -1\n# TYPE b gauge\nb 1\n' });
  const { code, stdout, stderr } = await zeroprom(['convert', '--to', 'openmetrics', path('file')]);
  assert.equal(code, 3);
  assert.match(stdout, /^b 1$/m);
  assert.match(stderr, /^zeroprom convert: left out: a_total is not shown, or not all of it: .*\n$/);
});

test('--from requests its format from an exporter', async (t) => {
  const url = await startExample(t).metricsUrl();
  const { stdout } = await zeroprom(['convert', '--from', 'protobuf', '--to', 'json', url]);
  assert.deepEqual(
    JSON.parse(stdout)
      .map(({ name }: { name: string }) => name)
      .filter((name: string) => name === 'example_number' || name === 'example_total'),
    ['example_number', 'example_total'],
  );
});

test('an empty input is converted to an empty exposition', async (t) => {
  const { stdout } = await shell(
    t,
    'zeroprom convert --to json < /dev/null; zeroprom convert --to openmetrics < /dev/null',
  );
  assert.equal(stdout, '[]\n# EOF\n');
});

const RICH = `# TYPE jobs counter
jobs_total{a="1"} 3 1.2345 # {trace_id="x"} 1 1.5
jobs_created{a="1"} 1600000000 1.2345
# TYPE wait_seconds histogram
# UNIT wait_seconds seconds
wait_seconds_bucket{le="1.0"} 1 # {trace_id="y"} 0.5
wait_seconds_bucket{le="+Inf"} 2
wait_seconds_sum 3
wait_seconds_count 2
wait_seconds_created 1600000000
# EOF
`;

/** Parts of RICH that a format cannot represent, by format. */
const LOSSES: readonly (readonly [args: readonly string[], lost: readonly string[]])[] = [
  [['text'], ['exemplars', 'start times', 'exact times', 'units']],
  [['text-1.0.0'], ['exemplars', 'start times', 'exact times', 'units']],
  [['openmetrics'], ['start times']],
  [['openmetrics-2'], ['exemplars']],
  [['protobuf'], ['exact times']],
];

for (const [args, lost] of LOSSES) {
  test(`what ${args.join(' ')} cannot represent is reported: ${lost.join(', ')}`, async (t) => {
    const path = folderOf(t, { file: RICH });
    const { code, stderr } = await zeroprom(['convert', '--to', ...args, path('file')]);
    const named = stderr.trimEnd().split('\n').map((line) => /left out: ([a-z ]+) of \w+( and|,)/.exec(line)?.[1]); // biome-ignore format: one line
    assert.deepEqual([code, named.sort()], [3, [...lost].sort()]);
  });
}

for (const args of [['openmetrics', '--created-lines'], ['json']]) {
  test(`${args.join(' ')} represents everything`, async (t) => {
    const path = folderOf(t, { file: RICH });
    const { code, stderr } = await zeroprom(['convert', '--to', ...args, path('file')]);
    assert.deepEqual([code, stderr], [0, '']);
  });
}

test('native histograms are reported as lost in formats without them', async (t) => {
  const line = 'h {count:3,sum:9,schema:0,zero_threshold:0,zero_count:0,positive_spans:[0:1],positive_buckets:[3]}';
  const path = folderOf(t, { file: `# TYPE h histogram\n${line}\n# EOF\n` });
  for (const [format, code] of [
    ['text', 3],
    ['openmetrics', 3],
    ['protobuf', 0],
    ['json', 0],
  ] as const) {
    const ended = await zeroprom(['convert', '--to', format, path('file')]);
    assert.deepEqual([format, ended.code, /native histograms of h,/.test(ended.stderr)], [format, code, code === 3]);
  }
});

test('samples whose values a format forbids are counted', async (t) => {
  const path = folderOf(t, {
    file: '# TYPE s summary\ns{quantile="0.5"} -1\ns{quantile="0.9"} 1\ns_sum -2\ns_count 2\n',
  });
  const { code, stderr } = await zeroprom(['convert', '--to', 'openmetrics', path('file')]);
  assert.deepEqual([code, stderr], [3, 'zeroprom convert: left out: 2 samples whose values the format forbids.\n']);
});

test('a summary may have only quantiles, or none', async (t) => {
  const summaries = ['s{quantile="0.5"} 1', 's_count 2\ns_sum 1', 's_sum 1'];
  for (const lines of summaries) {
    const path = folderOf(t, { file: `# TYPE s summary\n${lines}\n` });
    for (const to of ['text', 'openmetrics']) {
      const { code, stdout, stderr } = await zeroprom(['convert', '--to', to, path('file')]);
      const samples = stdout.split('\n').filter((line) => line.startsWith('s'));
      assert.deepEqual([code, stderr, samples.sort()], [0, '', lines.split('\n').sort()], to);
    }
    const back = await shell(t, `zeroprom convert --to json '${path('file')}' | zeroprom diff '${path('file')}' -`);
    assert.deepEqual([back.code, back.stdout], [0, '']);
  }
});

test('a summary without a count is reported if the format requires one', async (t) => {
  const path = folderOf(t, { file: '# TYPE s summary\ns{quantile="0.5"} 1\n# TYPE a gauge\na 1\n' });
  for (const to of ['protobuf', 'openmetrics-2']) {
    const { code, stderr } = await zeroprom(['convert', '--to', to, path('file')]);
    assert.deepEqual([code, /left out: s is not shown, or not all of it/.test(stderr)], [3, true]);
  }
});

test('snapshots are formatted like the output of JSON.stringify(), for any number of points', async (t) => {
  for (const count of [0, 1, 256, 257, 600]) {
    const points = Array.from({ length: count }, (_, index) => `b{a="${index}"} ${index}\n`).join('');
    const path = folderOf(t, { file: `# HELP a \n# TYPE b gauge\n${points}# TYPE c gauge\nc 1\n` });
    const { stdout } = await zeroprom(['convert', '--to', 'json', path('file')]);
    const families = JSON.parse(stdout).map((family: unknown) => JSON.stringify(family, undefined, 2));
    assert.equal(stdout, `[\n${families.join(',\n')}\n]\n`);
  }
});

const TRACE = '# {trace_id="x"}';
const OTHER_TRACE = '# {trace_id="y"}';
const TEXT_FORMATS = ['text', 'text-1.0.0'];
const ALL_FORMATS = ['text', 'text-1.0.0', 'openmetrics', 'openmetrics-2', 'protobuf', 'json'];

/** Documents with parts that not every format can represent, in every possible place, and the formats that lose them. */
const LOSING: readonly (readonly [
  kind: string,
  what: string,
  from: string,
  document: string,
  losing: readonly string[],
])[] = [
  ['exemplars', 'of a counter', 'openmetrics', `# TYPE a counter\na_total 1 ${TRACE} 1 2`, TEXT_FORMATS],
  [
    'exemplars',
    'without a time',
    'openmetrics',
    `# TYPE a counter\na_total 1 ${TRACE} 1`,
    [...TEXT_FORMATS, 'openmetrics-2'],
  ],
  [
    'exemplars',
    'without labels',
    'openmetrics',
    '# TYPE a counter\na_total 1 # {} 1 2',
    [...TEXT_FORMATS, 'openmetrics', 'openmetrics-2'],
  ],
  [
    'exemplars',
    'of a bucket line',
    'openmetrics',
    `# TYPE a histogram\na_bucket{le="+Inf"} 1 ${TRACE} 1 2\na_count 1\na_sum 1`,
    TEXT_FORMATS,
  ],
  [
    'exemplars',
    'of a counter, two',
    'openmetrics-2',
    `# TYPE a_total counter\na_total 1 ${TRACE} 1 1 ${OTHER_TRACE} 2 2`,
    ALL_FORMATS,
  ],
  [
    'exemplars',
    'of a bucket',
    'openmetrics-2',
    `# TYPE a histogram\na {count:1,sum:1,bucket:[1.0:1,+Inf:1]} ${TRACE} 0.5 1`,
    TEXT_FORMATS,
  ],
  [
    'exemplars',
    'of a bucket, two',
    'openmetrics-2',
    `# TYPE a histogram\na {count:2,sum:1,bucket:[1.0:2,+Inf:2]} ${TRACE} 0.5 1 ${OTHER_TRACE} 0.6 2`,
    ALL_FORMATS,
  ],
  [
    'exemplars',
    'of two buckets',
    'openmetrics-2',
    `# TYPE a histogram\na {count:2,sum:1,bucket:[1.0:1,+Inf:2]} ${TRACE} 0.5 1 ${OTHER_TRACE} 6 2`,
    TEXT_FORMATS,
  ],
  [
    'exemplars',
    'of a gauge histogram',
    'openmetrics-2',
    `# TYPE a gaugehistogram\na {gcount:1,gsum:1,bucket:[1.0:1,+Inf:1]} ${TRACE} 0.5 1`,
    TEXT_FORMATS,
  ],
  [
    'exemplars',
    'of a native histogram',
    'openmetrics-2',
    `# TYPE a histogram\na {count:1,sum:1,schema:0,zero_threshold:0,zero_count:0,positive_spans:[0:1],positive_buckets:[1]} ${TRACE} 0.5 1 ${OTHER_TRACE} 0.6 2`,
    [...TEXT_FORMATS, 'openmetrics'],
  ],
  [
    'units',
    'of a counter',
    'openmetrics',
    '# TYPE a_seconds counter\n# UNIT a_seconds seconds\na_seconds_total 1',
    TEXT_FORMATS,
  ],
  [
    'units',
    'of a gauge',
    'openmetrics-2',
    '# TYPE a_seconds gauge\n# UNIT a_seconds seconds\na_seconds 1',
    TEXT_FORMATS,
  ],
  [
    'units',
    'of a family without samples',
    'openmetrics',
    '# TYPE a_seconds gauge\n# UNIT a_seconds seconds',
    TEXT_FORMATS,
  ],
  [
    'units',
    'that the name does not have',
    'json',
    '[{"name":"a","help":"","type":"gauge","unit":"seconds","points":[{"value":1}]}]',
    [...TEXT_FORMATS, 'openmetrics', 'protobuf'],
  ],
  [
    'start times',
    'of a counter',
    'openmetrics',
    '# TYPE a counter\na_total 1\na_created 5',
    [...TEXT_FORMATS, 'openmetrics'],
  ],
  [
    'start times',
    'of one counter of two',
    'openmetrics',
    '# TYPE a counter\na_total{b="1"} 1\na_created{b="1"} 5\na_total{b="2"} 1',
    [...TEXT_FORMATS, 'openmetrics'],
  ],
  [
    'start times',
    'of a histogram',
    'openmetrics',
    '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_count 1\na_sum 1\na_created 5',
    [...TEXT_FORMATS, 'openmetrics'],
  ],
  [
    'start times',
    'of a summary',
    'openmetrics-2',
    '# TYPE a summary\na {count:1,sum:1,quantile:[]} st@5',
    [...TEXT_FORMATS, 'openmetrics'],
  ],
  [
    'start times',
    'of a gauge',
    'json',
    '[{"name":"a","help":"","type":"gauge","points":[{"value":1,"startTimestamp":5}]}]',
    ALL_FORMATS.filter((format) => format !== 'json'),
  ],
];

for (const [kind, what, from, document, losing] of LOSING) {
  test(`${kind} ${what} are reported if a format loses them`, async (t) => {
    const path = folderOf(t, { file: from === 'json' ? document : `${document}\n# EOF\n` });
    const found: string[] = [];
    for (const to of ALL_FORMATS) {
      const { code, stderr } = await zeroprom(['convert', '--from', from, '--to', to, path('file')]);
      assert.equal(code, stderr === '' ? 0 : 3, stderr);
      if (stderr.includes(`left out: ${kind} of a`)) found.push(to);
    }
    assert.deepEqual(found, losing);
  });
}
