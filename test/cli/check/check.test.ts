import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startExample } from '../../child.ts';
import { serve } from '../../http/serve.ts';
import { folderOf, shell, zeroprom } from '../zeroprom.ts';

const SOUND = '# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\njobs_total 1\n';
const UNTIDY = '# TYPE jobs_total counter\njobs_total 1\n';
const BROKEN = 'jobs_total many\n';

/** Lines of a document with mistakes, and the rule and line of each finding. */
const MISTAKES = `# HELP ok_total Fine.
# TYPE ok_total counter
ok_total 1
# TYPE helpless gauge
helpless 1
# HELP requests Requests.
# TYPE requests counter
requests 1
# HELP took_ms Time.
# TYPE took_ms gauge
took_ms 1
# HELP took_milliseconds Time.
# TYPE took_milliseconds gauge
took_milliseconds 1
# HELP a_gauge A.
# TYPE a_gauge gauge
a_gauge 1
# HELP queueLength Jobs that wait.
# TYPE queueLength gauge
queueLength 1
# HELP twice Twice.
# TYPE twice gauge
twice{a="1"} 1
twice{a="2"} 1
twice{a="1"} 2
no_number many
open_brace{a="1" 1
# TYPE ok_total gauge
late 1 tomorrow
`;

test('more than ten different mistakes in a file are found, each at its line', async (t) => {
  const path = folderOf(t, { 'bad.prom': MISTAKES });
  const { code, stdout } = await zeroprom(['check', path('bad.prom')]);
  const found = stdout
    .trim()
    .split('\n')
    .map((line) => /bad\.prom:(\d+):\d+: ([\w-]+): \S/.exec(line)?.slice(1).join(' '));
  assert.deepEqual(found, [
    '4 help',
    '6 counter-suffix',
    '9 unit-abbreviations',
    '12 base-units',
    '15 type-in-name',
    '18 camel-case',
    '25 duplicate-metric',
    '26 parse',
    '27 parse',
    '28 parse',
    '29 parse',
  ]);
  assert.equal(code, 1);
});

test('for a valid file nothing is printed, and the exit code is 0', async (t) => {
  const path = folderOf(t, { 'good.prom': SOUND });
  assert.deepEqual(await zeroprom(['check', path('good.prom')]), { code: 0, stdout: '', stderr: '' });
});

test('a finding is one line with place, rule, message and hint, and the exit code is 3', async (t) => {
  const path = folderOf(t, { 'untidy.prom': UNTIDY });
  assert.deepEqual(await zeroprom(['check', path('untidy.prom')]), {
    code: 3,
    stdout: `${path('untidy.prom')}:1:1: help: jobs_total has no help text. (Describe in a sentence what it counts or measures.)\n`,
    stderr: '',
  });
});

test('all inputs are checked, and the most severe finding determines the exit code', async (t) => {
  const path = folderOf(t, { good: SOUND, untidy: UNTIDY, broken: BROKEN });
  const { code, stdout } = await zeroprom(['check', path('good'), path('broken'), path('untidy')]);
  assert.deepEqual([code, stdout.split('\n').length - 1, /broken:1:12: parse: /.test(stdout)], [1, 2, true]);
});

test('a missing file is reported in one line, and the other inputs are checked', async (t) => {
  const path = folderOf(t, { untidy: UNTIDY });
  const { code, stdout, stderr } = await zeroprom(['check', path('missing'), path('untidy')]);
  assert.equal(code, 1);
  assert.match(stdout, /untidy:1:1: help: /);
  assert.match(stderr, /^zeroprom check: .*missing cannot be read: ENOENT.*\n$/);
});

test('--disable disables a rule', async (t) => {
  const path = folderOf(t, { untidy: UNTIDY });
  assert.equal((await zeroprom(['check', '--disable', 'help', path('untidy')])).code, 0);
});

test('--disable rejects an unknown rule', async () => {
  const { code, stderr } = await zeroprom(['check', '--disable', 'helf']);
  assert.equal(code, 1);
  assert.match(stderr, /^zeroprom check: --disable: Unknown lint rule "helf"/);
});

test('--preset exporter has more rules', async (t) => {
  const path = folderOf(t, { file: SOUND });
  const { code, stdout } = await zeroprom(['check', '--preset=exporter', '--exporter-name', 'mine', path('file')]);
  assert.deepEqual([code, /exporter-prefix/.test(stdout)], [3, true]);
});

test('--mode prometheus accepts what the server accepts', async (t) => {
  const path = folderOf(t, { file: '# HELP a A.\n# TYPE a gauge\na 1\n# TYPE a gauge\n' });
  assert.equal((await zeroprom(['check', path('file')])).code, 1);
  assert.equal((await zeroprom(['check', '--mode', 'prometheus', path('file')])).code, 0);
});

test('--format json is one array, even without findings', async (t) => {
  const path = folderOf(t, { untidy: UNTIDY, good: SOUND });
  const untidy = await zeroprom(['check', '--format', 'json', path('untidy')]);
  assert.deepEqual(JSON.parse(untidy.stdout), [
    {
      input: path('untidy'),
      rule: 'help',
      severity: 'warning',
      family: 'jobs_total',
      line: 1,
      column: 1,
      message: 'jobs_total has no help text.',
      hint: 'Describe in a sentence what it counts or measures.',
    },
  ]);
  const good = await zeroprom(['check', '--format', 'json', path('good')]);
  assert.deepEqual([good.stdout, good.code], ['[]\n', 0]);
});

test('--format github annotates lines and escapes commands in them', async (t) => {
  const path = folderOf(t, { 'a,b:c.prom': 'x{a="%\r"} many\n' });
  const { stdout } = await zeroprom(['check', '--format', 'github', path('a,b:c.prom')]);
  assert.match(stdout, /^::error file=.*a%2Cb%3Ac\.prom,line=1,col=11,title=parse in .*::expected .*\n$/);
});

test('names in the input cannot send control characters to the terminal', async (t) => {
  const path = folderOf(t, { file: '# TYPE "\u001b[2J\u202e" gauge\n{"\u001b[2J\u202e"} 1\n' });
  const { stdout } = await zeroprom(['check', path('file')]);
  assert.match(stdout, /\\u\{1b\}\[2J\\u\{202e\} has no help text/);
  assert.ok(!stdout.includes('\u001b') && !stdout.includes('\u202e'));
});

test('standard input is read by default, and may be compressed', async (t) => {
  const path = folderOf(t, { broken: BROKEN, 'broken.gz': gzipSync(BROKEN) });
  const all = await Promise.all([
    shell(t, `cat '${path('broken')}' | zeroprom check`),
    shell(t, `zeroprom check - < '${path('broken')}'`),
    shell(t, `cat '${path('broken.gz')}' | zeroprom check`),
  ]);
  for (const { code, stdout } of all) {
    assert.deepEqual([code, stdout], [1, 'stdin:1:12: parse: expected a number, found "many".\n']);
  }
});

test('OpenMetrics is detected and checked by its own rules', async (t) => {
  const path = folderOf(t, { file: '# TYPE a info\na_info{b="c"} 1\n# EOF\n# EOF\n' });
  assert.match((await zeroprom(['check', path('file')])).stdout, /file:4:\d+: parse: /);
});

test('an exporter is checked over HTTP, by its URL or address', async (t) => {
  const url = await startExample(t).metricsUrl();
  for (const input of [url, new URL(url).host]) {
    assert.deepEqual(await zeroprom(['check', input]), { code: 0, stdout: '', stderr: '' });
  }
});

test('an error response, or one that is not an exposition, is reported in one line', async (t) => {
  const url = await serve(t, (request, response) => {
    response.statusCode = request.url === '/missing' ? 404 : 200;
    response.setHeader('content-type', 'text/html').end('<p>');
  });
  const { stdout, stderr, code } = await zeroprom(['check', `${url}/missing`, `${url}/page`]);
  assert.deepEqual([stdout, code], ['', 1]);
  assert.match(
    stderr,
    /missing returned 404 Not Found\nzeroprom check: .*page returned text\/html, which is not an exposition format/,
  );
});

test('a server that refuses connections or hangs is reported in one line', async (t) => {
  const url = await serve(
    t,
    (_request, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).write('a 1\n'),
  );
  const { stderr } = await zeroprom(['check', '--timeout', '300ms', 'http://127.0.0.1:1/metrics', url]);
  assert.match(stderr, /127\.0\.0\.1:1\/metrics cannot be read: .*\nzeroprom check: .* did not respond within 300ms/);
});

test('--max-size limits the decompressed size', async (t) => {
  const path = folderOf(t, { 'bomb.gz': gzipSync('# '.repeat(2_000_000)) });
  const { code, stderr } = await zeroprom(['check', '--max-size', '1MB', path('bomb.gz')]);
  assert.equal(code, 1);
  assert.match(stderr, /bomb\.gz is larger than 1000000 bytes \(decompressed\); raise the limit with --max-size\.\n$/);
});

test('credentials and headers are sent', async (t) => {
  const seen: (string | undefined)[] = [];
  const url = await serve(t, ({ headers }, response) => {
    seen.push(headers.authorization, headers['x-a'] as string | undefined);
    response.setHeader('content-type', 'text/plain').end(SOUND);
  });
  const path = folderOf(t, { token: 'secret\n' });
  const withUser = url.replace('//', '//me:pass%20word@');
  await zeroprom(['check', '--header', 'X-A: b', '--user', 'me:pass', url]);
  await zeroprom(['check', '--bearer-token-file', path('token'), url]);
  await zeroprom(['check', withUser]);
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  assert.deepEqual(seen, [basic('me:pass'), 'b', 'Bearer secret', undefined, basic('me:pass word'), undefined]);
});
