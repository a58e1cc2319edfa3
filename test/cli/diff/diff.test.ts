import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startExample } from '../../child.ts';
import { folderOf, shell, zeroprom } from '../zeroprom.ts';

const BEFORE = `# TYPE jobs_total counter
jobs_total{a="1",b="2"} 100
jobs_total{a="2"} 5
# TYPE gone gauge
gone 1
# TYPE size gauge
size 10
# TYPE wait histogram
wait_bucket{le="1.0"} 1
wait_bucket{le="+Inf"} 2
wait_sum 3
wait_count 2
# TYPE nan gauge
nan NaN
`;

const AFTER = `# HELP wait Other order, other layout of numbers, help.
# TYPE wait histogram
wait_count 2
wait_sum 3
wait_bucket{le="+Inf"} 2
wait_bucket{le="1"} 1
# TYPE size counter
size 10
# TYPE jobs_total counter
jobs_total{b="2",a="1"} 104
jobs_total{a="3"} 5
# TYPE come gauge
come 1
# TYPE nan gauge
nan NaN
`;

test('families, types, series and values that differ are shown, and the exit code is 1', async (t) => {
  const path = folderOf(t, { before: BEFORE, after: AFTER });
  assert.deepEqual(await zeroprom(['diff', path('before'), path('after')]), {
    code: 1,
    stderr: '',
    stdout: `+ family come (gauge)
- family gone (gauge)
~ value jobs_total{a="1",b="2"}: 100 -> 104
- series jobs_total{a="2"} 5
+ series jobs_total{a="3"} 5
~ type size: gauge -> counter
2 families, 1 value, 2 series, 1 type differ.
`,
  });
});

test('without differences nothing is printed, and the exit code is 0', async (t) => {
  const path = folderOf(t, { before: BEFORE });
  assert.deepEqual(await zeroprom(['diff', path('before'), path('before')]), { code: 0, stdout: '', stderr: '' });
});

test('the inputs may have different formats', async (t) => {
  const path = folderOf(t, { before: BEFORE });
  const { code, stdout } = await shell(
    t,
    `zeroprom convert --to protobuf '${path('before')}' | zeroprom diff '${path('before')}' -`,
  );
  assert.deepEqual([code, stdout], [0, '']);
});

test('--tolerance accepts an amount or a percentage', async (t) => {
  const path = folderOf(t, { a: 'x 100\n', b: 'x 104\n', nan: 'x NaN\n' });
  const codes = await Promise.all(
    [['4'], ['4%'], ['3.9'], ['3%']].map(async ([tolerance = '']) => {
      return (await zeroprom(['diff', '--tolerance', tolerance, path('a'), path('b')])).code;
    }),
  );
  assert.deepEqual(codes, [0, 0, 1, 1]);
  assert.equal((await zeroprom(['diff', '--tolerance', '1e300', path('a'), path('nan')])).code, 1);
});

test('--ignore-values only compares families, types and series', async (t) => {
  const path = folderOf(t, { a: 'x 100\n', b: 'x 104\n', c: 'x{a="b"} 100\n' });
  assert.equal((await zeroprom(['diff', '--ignore-values', path('a'), path('b')])).code, 0);
  assert.equal((await zeroprom(['diff', '--ignore-values', path('a'), path('c')])).code, 1);
});

test('an input that cannot be read gives exit code 2', async (t) => {
  const path = folderOf(t, { a: 'x 100\n', b: 'x many\n' });
  const { code, stdout, stderr } = await zeroprom(['diff', path('a'), path('b')]);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^zeroprom diff: .*b: Line 1, column 3: expected a number, found "many"\.\n$/);
});

test('two endpoints are compared', async (t) => {
  const urls = await Promise.all([startExample(t).metricsUrl(), startExample(t).metricsUrl()]);
  const { code, stdout } = await zeroprom(['diff', '--ignore-values', ...urls]);
  assert.deepEqual([code, stdout], [0, '']);
});
