import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FullMessage } from '../../src/status-page/protocol.ts';
import { type Child, start } from '../child.ts';
import { rawGet } from '../http/raw.ts';
import { Events, read } from './page-client.ts';

function startProgram(t: TestContext, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Child {
  const program = join(import.meta.dirname, '../exporter/programs/status-page.js');
  return start(t, process.execPath, [program, '--web.listen-address=127.0.0.1:0', ...args], env);
}

async function originOf(child: Child): Promise<string> {
  return new URL(await child.metricsUrl()).origin;
}

test('an exporter serves the status page at /', async (t) => {
  const origin = await originOf(startProgram(t));
  await (await fetch(`${origin}/metrics`, { headers: { 'User-Agent': 'test/1' } })).text();
  const { about, families, tasks = [], scrapes = [], configuration = [] } = await read<FullMessage>(origin, 'snapshot');
  assert.equal(about.name, 'page_exporter');
  assert.ok(families.some(({ name }) => name === 'process_cpu_seconds_total'));
  assert.deepEqual(
    tasks.map(({ name }) => name),
    ['count'],
  );
  const [{ userAgent, status, format, bytes } = assert.fail()] = scrapes;
  assert.deepEqual([userAgent, status, format], ['test/1', 200, 'text/plain; version=0.0.4; charset=utf-8']);
  assert.ok(bytes > 1000);
  const level = configuration.find(({ name }) => name === '--log.level');
  assert.deepEqual([level?.value, level?.isDefault], ['info', true]);
});

test('the page masks secrets in the configuration', async (t) => {
  const secrets = [
    '--app.secret=hidden-1',
    '--app.api-token=hidden-2',
    '--app.database=postgres://user:hidden-3@host/db?sslkey=x&password=hidden-4',
    '--app.header=Authorization: Bearer hidden-5',
    '--app.connection=Server=db;Password=hidden-6;Port=1',
    '--app.list=https://a:hidden-7@one,https://two/?token=hidden-8',
  ];
  const env = { PAGE_EXPORTER_APP_PLAIN_PASSWORD: 'hidden-9' };
  const origin = await originOf(startProgram(t, secrets, env));
  for (const query of ['', 'snapshot']) {
    const text = await (await fetch(`${origin}/?${query}`)).text();
    assert.doesNotMatch(text, /hidden-\d/);
  }
  const { configuration = [] } = await read<FullMessage>(origin, 'snapshot');
  const shownFor = (name: string) => configuration.find((setting) => setting.name === `--app.${name}`)?.value;
  assert.equal(shownFor('secret'), '(masked)');
  assert.equal(shownFor('database'), 'postgres://(masked)@host/db?sslkey=x&password=(masked)');
  assert.equal(shownFor('connection'), 'Server=db;Password=(masked);Port=1');
});

test('--web.status-page=false serves links instead', async (t) => {
  const origin = await originOf(startProgram(t, ['--web.status-page=false']));
  const { status, body, headers } = await rawGet(`${origin}/`);
  assert.equal(status, 200);
  assert.match(body, /<a href="\.\/metrics">Metrics<\/a>/);
  assert.match(body, /<style>/);
  assert.match(String(headers['content-security-policy']), /^default-src 'none'; style-src 'sha256-/);
  assert.doesNotMatch(body, /<script/);
});

test('the page is behind the password of the metrics', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-page-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'web.yml');
  // The password is x.
  writeFileSync(file, 'basic_auth_users:\n  a: $2b$04$x879e0RBHtKeuKjwzx6StOR3ySl.o3BEqUJAhOP8CDGHgJMUveBgq\n');
  const origin = await originOf(startProgram(t, [`--web.config.file=${file}`]));
  for (const query of ['', '?events', '?snapshot', '?history', '?family=a', '?cardinality', '?run=count']) {
    assert.equal((await fetch(`${origin}/${query}`)).status, 401, query);
  }
  const Authorization = `Basic ${Buffer.from('a:x').toString('base64')}`;
  assert.equal((await fetch(`${origin}/?snapshot`, { headers: { Authorization } })).status, 200);
});

test('the page works below a prefix, with relative links', async (t) => {
  const child = startProgram(t, ['--web.route-prefix=/a/b']);
  const origin = await originOf(child);
  const response = await fetch(`${origin}/a/b`);
  assert.equal(response.url, `${origin}/a/b/`);
  assert.match(await response.text(), /<a href="\.\/metrics">/);
  const { about } = await read<FullMessage>(`${origin}/a/b`, 'snapshot');
  assert.equal(about.name, 'page_exporter');
});

test('a task runs from the page only where lifecycle requests are enabled, and not for other sites', async (t) => {
  const run = async (origin: string, headers: Readonly<Record<string, string>> = {}, query = 'run=count') => {
    const { status } = await rawGet(`${origin}/?${query}`, headers, { method: 'POST' });
    return status;
  };
  assert.equal(await run(await originOf(startProgram(t))), 403);
  const child = startProgram(t, ['--web.enable-lifecycle', '--web.allowed-host=proxy.example']);
  const origin = await originOf(child);
  assert.equal(await run(origin), 202);
  assert.equal(await run(origin, { Host: 'proxy.example' }), 202);
  assert.equal(await run(origin, { Host: 'evil.example' }), 403);
  assert.equal(await run(origin, { Origin: 'http://evil.example' }), 403);
  assert.equal(await run(origin, { 'Sec-Fetch-Site': 'cross-site' }), 403);
  assert.equal(await run(origin, {}, 'run=other'), 404);
  assert.equal((await rawGet(`${origin}/?run=count`)).status, 405);
  assert.equal((await rawGet(`${origin}/`, {}, { method: 'POST' })).status, 405);
});

test('an exporter stops although a page is open', async (t) => {
  const child = startProgram(t);
  const events = new Events(t, await originOf(child));
  await events.at(0);
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 0);
  await events.until(() => events.isClosed);
});

test('the scrape thread serves the page, runs tasks and says what it cannot see', async (t) => {
  const origin = await originOf(startProgram(t, ['--web.scrape-thread', '--web.enable-lifecycle']));
  const before = await read<FullMessage>(origin, 'snapshot');
  assert.match(before.about.notes.join(' '), /cannot see the heap/);
  assert.equal(before.process?.heapUsedBytes, undefined);
  assert.ok((before.process?.residentBytes ?? 0) > 1e6);
  const { status } = await rawGet(`${origin}/?run=count`, {}, { method: 'POST' });
  assert.equal(status, 202);
  let runs = 0;
  while (runs === 0) runs = (await read<FullMessage>(origin, 'snapshot')).tasks?.[0]?.successes ?? 0;
});
