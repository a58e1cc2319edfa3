import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startExample } from '../../child.ts';
import { serve } from '../../http/serve.ts';
import { folderOf, program, shell, startZeroprom, zeroprom } from '../zeroprom.ts';

const EXPOSITION = `# TYPE requests_total counter
requests_total{path="/a",code="200"} 1
requests_total{path="/b",code="200"} 1
requests_total{path="/c",code="500"} 1
# TYPE wait_seconds histogram
wait_seconds_bucket{path="/a",le="1"} 1
wait_seconds_bucket{path="/a",le="+Inf"} 2
wait_seconds_sum{path="/a"} 3
wait_seconds_count{path="/a"} 2
# TYPE up gauge
up 1
`;

test('scrape shows families with types, series, sizes and totals', async (t) => {
  const path = folderOf(t, { file: EXPOSITION });
  const { code, stdout } = await zeroprom(['scrape', path('file')]);
  assert.equal(code, 0);
  assert.equal(
    stdout.split('\n').slice(3).join('\n'),
    `FAMILY          TYPE       SERIES   SIZE
requests_total  counter         3  147 B
up              gauge           1   21 B
wait_seconds    histogram       4  175 B

3 families, 8 series, 2 label names
`,
  );
});

test('sizes are those in the format of the input', async (t) => {
  const path = folderOf(t, { file: '# TYPE a gauge\na 1\n# TYPE b gauge\nb{c="d"} 1\n' });
  for (const format of ['text', 'openmetrics', 'protobuf']) {
    const { stdout: bytes } = await shell(
      t,
      `zeroprom convert --to ${format} '${path('file')}' | tee '${path(format)}' | wc -c`,
    );
    const { stdout } = await zeroprom(['scrape', '--from', format, path(format)]);
    const sizes = Array.from(stdout.matchAll(/^[ab] .* (\d+) B$/gm), ([, size]) => Number(size));
    const end = format === 'openmetrics' ? '# EOF\n'.length : 0;
    assert.deepEqual([sizes.length, (sizes[0] ?? 0) + (sizes[1] ?? 0) + end], [2, Number(bytes)], format);
  }
});

test('the table shows at most ten thousand families', async (t) => {
  const lines = Array.from({ length: 10_002 }, (_, index) => `m${String(index).padStart(5, '0')} 1\n`);
  const path = folderOf(t, { file: lines.join('') });
  const { stdout } = await zeroprom(['scrape', path('file')]);
  assert.match(stdout, /^m09999 .*\nand 2 more families; --top 10000 shows the largest\n/m);
});

test('--top N shows the largest families and labels', async (t) => {
  const path = folderOf(t, { file: EXPOSITION });
  const { stdout } = await zeroprom(['scrape', '--top', '1', path('file')]);
  assert.equal(
    stdout.split('\n').slice(3).join('\n'),
    `FAMILY        TYPE       SERIES   SIZE
wait_seconds  histogram       4  175 B
and 2 smaller families

LABEL  VALUES  FAMILIES
path        3         2

3 families, 8 series, 2 label names
`,
  );
});

test('the negotiated format is shown, and --from requests one', async (t) => {
  const url = await startExample(t).metricsUrl();
  const answers = await Promise.all(
    [[], ['--from', 'text'], ['--from', 'protobuf']].map(async (args) => {
      return (await zeroprom(['scrape', ...args, url])).stdout.split('\n')[1]?.split(';')[0];
    }),
  );
  assert.deepEqual(answers, ['application/openmetrics-text', 'text/plain', 'application/vnd.google.protobuf']);
});

test('parse errors are reported, the rest is shown, and the exit code is 1', async (t) => {
  const path = folderOf(t, { file: 'a 1\nb many\n' });
  const { code, stdout, stderr } = await zeroprom(['scrape', path('file')]);
  assert.deepEqual([code, /^1 family, 1 series/m.test(stdout)], [1, true]);
  assert.equal(stderr, 'zeroprom scrape: Line 2, column 3: expected a number, found "many".\n');
});

test('colors are only used on terminals, and not with NO_COLOR', async (t) => {
  const path = folderOf(t, { file: EXPOSITION });
  const hasColors = async (args: string, inTerminal: boolean) => {
    const line = `${args} ${program.map((part) => `'${part}'`).join(' ')} scrape '${path('file')}'`;
    const quoted = line.replaceAll('"', '\\"');
    const { stdout } = await shell(t, inTerminal ? `script -qec "${quoted}" /dev/null` : line);
    return stdout.includes('\u001b[');
  };
  const term = 'env -u NO_COLOR TERM=xterm';
  const seen = [hasColors(term, true), hasColors('env TERM=xterm NO_COLOR=1', true), hasColors(term, false)];
  assert.deepEqual(await Promise.all(seen), [true, false, false]);
});

/** Starts an exporter with a counter that increases by ten at each scrape. */
function serveCounter(t: Parameters<typeof serve>[0]): Promise<string> {
  let scrapes = 0;
  return serve(t, (_, response) => {
    scrapes++;
    response.setHeader('content-type', 'text/plain');
    response.end(`# TYPE hits_total counter\nhits_total ${scrapes * 10}\n# TYPE up gauge\nup ${scrapes}\n`);
  });
}

test('--watch scrapes repeatedly and shows rates and trends', async (t) => {
  const url = await serveCounter(t);
  const { code, stdout } = await zeroprom(['scrape', '--watch=100ms', '--count', '3', url]);
  assert.equal(code, 0);
  const rows = stdout.split('\n').filter((line) => line.startsWith('hits_total'));
  assert.deepEqual(
    rows.map((row) => row.split(/ +/).slice(0, 4).join(' ')),
    ['hits_total counter 1 10', 'hits_total counter 1 20', 'hits_total counter 1 30'],
  );
  const rates = rows.map((row) => row.split(/ +/)[4]);
  assert.equal(rates[0], undefined, 'at first there is nothing to compare with');
  for (const rate of rates.slice(1)) assert.ok(Number(rate) > 0 && Number(rate) <= 102, `${rate} a second`);
  assert.match(stdout.split('\n').findLast((line) => line.startsWith('up')) ?? '', /^up +gauge +1 +3 +▁[▄▅]█$/);
  assert.ok(!stdout.includes('\u001b'));
});

test('--watch continues after a failed scrape', async (t) => {
  let scrapes = 0;
  const url = await serve(t, (_, response) => {
    response.statusCode = scrapes++ === 1 ? 503 : 200;
    response.setHeader('content-type', 'text/plain').end('up 1\n');
  });
  const { code, stdout } = await zeroprom(['scrape', '--watch=50ms', '--count=3', url]);
  assert.equal(code, 0);
  assert.match(stdout, /returned 503 Service Unavailable\n\nhttp:/);
  assert.equal(stdout.match(/^up /gm)?.length, 2);
});

test('on a terminal, --watch draws in place and SIGINT restores the terminal', async (t) => {
  const url = await serveCounter(t);
  const command = program.map((part) => `'${part}'`).join(' ');
  // The signal is sent after two refreshes.
  const line = `TERM=xterm exec ${command} scrape --watch=50ms '${url}'`;
  const { stdout } = await shell(
    t,
    `coproc script -qefc "stty rows 20 cols 60; ${line}" /dev/null
program=$COPROC_PID
exec 3<&"\${COPROC[0]}" 4>&"\${COPROC[1]}"
while IFS= read -r -d 'H' part <&3; do
  printf '%sH' "$part"
  refreshes=$((refreshes + 1))
  if [ $refreshes = 40 ]; then printf '\\003' >&4; fi
done
printf '%s' "$part"
wait $program; echo "code $?"`,
  );
  assert.ok(stdout.includes('\u001b[?1049h\u001b[?25l\u001b[H'), 'it enters the alternate screen without cursor');
  const left = stdout.lastIndexOf('\u001b[?25h\u001b[?1049l');
  assert.ok(left > stdout.lastIndexOf('\u001b[H'), 'it leaves it, cursor and all, after the last refresh');
  assert.match(stdout.slice(left), /hits_total/);
  assert.match(stdout, /code 130\n$/);
});

test('SIGTERM ends --watch immediately', async (t) => {
  const url = await serveCounter(t);
  const child = startZeroprom(t, ['scrape', '--watch=1h', url]);
  while (!child.stdout().includes('series'))
    await new Promise((resolve) => child.process.stdout?.once('data', resolve));
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 143);
});

test('--watch waits for an interval that is longer than the timers of Node allow', async (t) => {
  const url = await serveCounter(t);
  const child = startZeroprom(t, ['scrape', '--watch=30d', '--count=2', url]);
  while (!child.stdout().includes('series'))
    await new Promise((resolve) => child.process.stdout?.once('data', resolve));
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 143);
  assert.equal(child.stderr(), ''); // Node.js warns about delays that it does not support.
});

test('SIGINT ends --watch while it waits for a server', async (t) => {
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const url = await serve(t, () => asked());
  const child = startZeroprom(t, ['scrape', '--watch', '--timeout=1h', url]);
  await isAsked;
  child.process.kill('SIGINT');
  assert.equal(await child.ended, 130);
});

test('--watch rejects inputs that cannot be read again', async () => {
  const { code, stderr } = await zeroprom(['scrape', '--watch', 'file.prom']);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^zeroprom scrape: --watch requires a server, such as a URL or host:port, got "[^"]+"\. See zeroprom scrape --help\.\n$/,
  );
});
