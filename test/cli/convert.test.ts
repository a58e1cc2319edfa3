import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseProtobuf } from '../../src/exposition/parse/index.ts';
import { startExample } from '../child.ts';
import { folderOf, shell, zeroprom } from './zeroprom.ts';

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

test('text becomes OpenMetrics', async (t) => {
  const path = folderOf(t, { file: TEXT });
  assert.deepEqual(await zeroprom(t, ['convert', '--to', 'openmetrics', path('file')]), {
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
  test(`${format} and back is the same text`, async (t) => {
    const path = folderOf(t, { file: TEXT });
    const { code, stdout } = await shell(
      t,
      `set -o pipefail; zeroprom convert --to ${format} '${path('file')}' | gzip | zeroprom convert --to text`,
    );
    assert.equal(code, 0);
    assert.deepEqual(stdout.split('\n').sort(), TEXT.split('\n').sort());
  });
}

test('binary output is not touched', async (t) => {
  const path = folderOf(t, { file: `a{b="${'é'.repeat(300)}"} 1e300\n` });
  const { code } = await shell(t, `zeroprom convert --to protobuf '${path('file')}' > '${path('out')}'`);
  const [family] = parseProtobuf(readFileSync(path('out')));
  assert.deepEqual(
    [code, family?.name, { ...[...(family?.points ?? [])][0]?.labels }],
    [0, 'a', { b: 'é'.repeat(300) }],
  );
});

test('names that text cannot hold are escaped, as one says', async (t) => {
  const path = folderOf(t, { file: '# TYPE "a.b" gauge\n{"a.b"} 1\n' });
  const names = await Promise.all(
    [[], ['--escaping', 'dots'], ['--escaping', 'allow-utf-8']].map(async (args) => {
      return (await zeroprom(t, ['convert', '--to', 'text', ...args, path('file')])).stdout.split('\n').at(-2);
    }),
  );
  assert.deepEqual(names, ['a_b 1', 'a_dot_b 1', '{"a.b"} 1']);
});

test('nothing is written of an input with mistakes', async (t) => {
  const path = folderOf(t, { file: 'fine 1\nbroken\nbroken too\n' });
  const { code, stdout, stderr } = await zeroprom(t, ['convert', '--to', 'json', path('file')]);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(
    stderr,
    /^zeroprom convert: .*file: Line 2, column 7: expected .* There is 1 more error: zeroprom check shows it\.\n$/,
  );
});

test('what the format cannot hold is named, the rest written, and the exit code is 3', async (t) => {
  const path = folderOf(t, { file: '# TYPE a_total counter\na_total -1\n# TYPE b gauge\nb 1\n' });
  const { code, stdout, stderr } = await zeroprom(t, ['convert', '--to', 'openmetrics', path('file')]);
  assert.equal(code, 3);
  assert.match(stdout, /^b 1$/m);
  assert.match(stderr, /^zeroprom convert: left out: a_total is not shown, or not all of it: .*\n$/);
});

test('an exporter is asked for the format that --from names', async (t) => {
  const url = await startExample(t).metricsUrl();
  const { stdout } = await zeroprom(t, ['convert', '--from', 'protobuf', '--to', 'json', url]);
  assert.deepEqual(
    JSON.parse(stdout)
      .map(({ name }: { name: string }) => name)
      .filter((name: string) => name === 'example_number' || name === 'example_total'),
    ['example_number', 'example_total'],
  );
});

test('an empty input becomes an empty exposition', async (t) => {
  const { stdout } = await shell(
    t,
    'zeroprom convert --to json < /dev/null; zeroprom convert --to openmetrics < /dev/null',
  );
  assert.equal(stdout, '[]\n# EOF\n');
});
