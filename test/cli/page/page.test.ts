import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CardinalityReport } from '../../../src/status-page/detail-protocol.ts';
import type { FullMessage } from '../../../src/status-page/protocol.ts';
import { type Child, startListening } from '../../child.ts';
import { rawGet } from '../../http/raw.ts';
import { serve } from '../../http/serve.ts';
import { needs } from '../../installed-programs.ts';
import { startPushgateway } from '../../push/pushgateway/real-gateway.ts';
import { Events, read } from '../../status-page/page-client.ts';
import { startZeroprom, zeroprom } from '../zeroprom.ts';

/** Starts the command, and returns the origin of its page. */
async function startPage(t: TestContext, args: readonly string[]): Promise<{ child: Child; origin: string }> {
  const child = startZeroprom(t, ['page', ...args]);
  const { stdout } = child.process;
  assert.ok(stdout);
  while (!child.stdout().includes('\n')) await Promise.race([once(stdout, 'data'), child.ended]);
  const [, origin = ''] = /^Serving the page at (http:\/\/127\.0\.0\.1:\d+)\/\n$/.exec(child.stdout()) ?? [];
  assert.notEqual(origin, '', child.stdout() + child.stderr());
  return { child, origin };
}

/** Serves a counter that grows by 10 with each scrape. */
async function serveCounter(t: TestContext) {
  const scrapes: (string | undefined)[] = [];
  const url = await serve(t, (request, response) => {
    scrapes.push(request.headers.authorization);
    response.setHeader('Content-Type', 'text/plain; version=0.0.4');
    response.end(`# HELP a_total A.\n# TYPE a_total counter\na_total{x="1"} ${scrapes.length * 10}\n`);
  });
  return { url, scrapes };
}

test('zeroprom page serves the page of a server, and scrapes it only while a page is open', async (t) => {
  const { url, scrapes } = await serveCounter(t);
  const { child, origin } = await startPage(t, ['--interval=50ms', '--bearer-token=t', `${url}/metrics`]);
  assert.equal(scrapes.length, 0);
  const events = new Events(t, origin);
  const { families, about } = await events.full();
  assert.deepEqual([families[0]?.name, families[0]?.values.value], ['a_total', 10]);
  assert.deepEqual([about.intervalMs, about.node], [50, undefined]);
  await events.until(() => /"value":30,"rate":\d/.test(events.all.map(({ data }) => data).join()));
  assert.equal(scrapes[0], 'Bearer t');
  child.process.kill('SIGINT');
  assert.equal(await child.ended, 130);
});

const real: readonly [program: 'prometheus' | 'prometheus-pushgateway', start: (t: TestContext) => Promise<string>][] =
  [
    ['prometheus', startPrometheus],
    ['prometheus-pushgateway', startPushgateway],
  ];

async function startPrometheus(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zeroprom-page-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
  const args = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
  return (await startListening(t, 'prometheus', args)).url;
}

for (const [program, startProgram] of real) {
  test(`zeroprom page shows the metrics of ${program}`, { ...needs(program), timeout: 60_000 }, async (t) => {
    const url = await startProgram(t);
    const { origin } = await startPage(t, ['--interval=200ms', `${url}/metrics`]);
    const events = new Events(t, origin);
    const { about, families, health, process: state } = await events.full();
    assert.equal(health.state, 'healthy', health.reasons.join());
    assert.match(about.version ?? '', /^\d+\.\d+/);
    assert.ok(Math.abs((about.startedAt ?? 0) - Date.now()) < 60_000);
    assert.ok((state?.residentBytes ?? 0) > 1_000_000 && (state?.heapUsedBytes ?? 0) > 100_000);
    const find = (name: string) => families.find((family) => family.name === name);
    assert.equal(find('go_info')?.type, 'info');
    assert.match(JSON.stringify(find('go_info')?.facts), /^\[\[\["version","go1\./);
    assert.equal(find('go_gc_duration_seconds')?.type, 'summary');
    const allocations = find('go_memstats_mallocs_total');
    assert.equal(allocations?.type, 'counter');
    // Each scrape allocates memory.
    await events.until(() =>
      new RegExp(`"${allocations?.id}":\\{[^}]*"rate":[1-9]`).test(events.all.map(({ data }) => data).join()),
    );
    const { bytes } = await read<CardinalityReport>(origin, 'cardinality');
    assert.ok(bytes > 1000);
  });
}

test('zeroprom page says why a server cannot be scraped', async (t) => {
  const url = await serve(t, (_, response) => response.writeHead(500).end());
  const { origin } = await startPage(t, [url]);
  const { health } = await read<FullMessage>(origin, 'snapshot');
  assert.equal(health.state, 'failing');
  assert.match(health.reasons[0] ?? '', /^the metrics cannot be gathered: http:.* returned 500/);
});

test('zeroprom page shows version and uptime without JavaScript, as far as they are exposed', async (t) => {
  let body = '';
  const url = await serve(t, (_, response) => response.setHeader('Content-Type', 'text/plain').end(body));
  const started = 'process_start_time_seconds 1760000000\n';
  const build = 'a_build_info{version="1.2.3"} 1\n';
  for (const [exposed, shown] of [
    ['', ''],
    ['a_build_info{version=""} 1\n', ''],
    [build, 'Version 1.2.3'],
    [started, 'Up for \\w+ since 2025-10-09 08:53:20 UTC'],
    [started + build, 'Version 1.2.3, up for \\w+ since 2025-10-09 08:53:20 UTC'],
  ] as const) {
    body = exposed;
    const { origin } = await startPage(t, [url]);
    assert.match((await rawGet(`${origin}/`)).body, new RegExp(`<p class="muted">${shown}</p>`), exposed);
  }
});

test('zeroprom page sends no tasks, scrapes or configuration, which only the scraped server has', async (t) => {
  const { url } = await serveCounter(t);
  const { origin } = await startPage(t, [url]);
  const message = await read<FullMessage>(origin, 'snapshot');
  assert.deepEqual(
    ['tasks', 'scrapes', 'configuration', 'collectors'].filter((part) => part in message),
    ['collectors'],
  );
});

test('zeroprom page answers only under the names of loopback', async (t) => {
  const { url, scrapes } = await serveCounter(t);
  const { origin } = await startPage(t, [url]);
  for (const query of ['', '?snapshot', '?events']) {
    assert.equal((await rawGet(`${origin}/${query}`, { Host: 'rebound.example' })).status, 403);
  }
  assert.equal(scrapes.length, 0);
});

for (const args of [[], ['a', 'b'], ['file.prom'], ['9100', '--port=70000'], ['9100', '--interval=soon']]) {
  test(`zeroprom page rejects ${JSON.stringify(args)}`, async () => {
    const { code, stderr } = await zeroprom(['page', ...args]);
    assert.equal(code, 1);
    assert.match(stderr, /^zeroprom page: .*See zeroprom page --help\.\n$/);
  });
}
