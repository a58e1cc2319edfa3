import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Counter, Registry, Scheduler } from '../../src/index.ts';
import type { FullMessage } from '../../src/status-page/protocol.ts';
import { statusPage } from '../../src/status-page.ts';
import { rawGet } from '../http/raw.ts';
import { silent } from '../silent-logger.ts';
import { Events, read, servePage } from './page-client.ts';

const EVIL = '</script><img src=x onerror=alert(1)>"\'&</td>';

test('the page allows its own script and style by their hashes, and nothing else', async (t) => {
  const { url } = await servePage(t);
  const { body, headers } = await rawGet(`${url}/`);
  const hashOf = (tag: string) => {
    const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(body)?.[1] ?? assert.fail(`The page has no ${tag}.`);
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  assert.equal(
    headers['content-security-policy'],
    `default-src 'none'; script-src ${hashOf('script')}; style-src ${hashOf('style')}; connect-src 'self'; ` +
      "img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  );
  assert.equal(body.match(/<script/g)?.length, 1);
  assert.doesNotMatch(body, /\son\w+=|\sstyle=|javascript:|https?:\/\//);
});

test('all answers forbid caching, sniffing, referrers and use by other sites', async (t) => {
  const { url, registry } = await servePage(t);
  new Counter({ name: 'a_total', help: 'Help.', registry });
  await read(url, 'snapshot');
  const events = new Events(t, url);
  await events.at(0);
  const answers = [events.headers];
  for (const query of ['', '?snapshot', '?history', '?family=a_total', '?cardinality']) {
    answers.push((await rawGet(`${url}/${query}`)).headers);
  }
  for (const headers of answers) {
    assert.match(String(headers['cache-control']), /^no-store/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.match(String(headers['content-security-policy']), /^default-src 'none'/);
    assert.equal(headers['access-control-allow-origin'], undefined);
  }
});

test('pages of other sites can link to the page, but not use it', async (t) => {
  const { url } = await servePage(t);
  for (const site of ['cross-site', 'same-site']) {
    const status = async (query: string) => (await rawGet(`${url}/${query}`, { 'Sec-Fetch-Site': site })).status;
    assert.equal(await status(''), 200);
    for (const query of ['?events', '?snapshot', '?history', '?family=a', '?cardinality']) {
      assert.equal(await status(query), 403, query);
    }
  }
  assert.equal((await rawGet(`${url}/?snapshot`, { Origin: 'http://evil.example' })).status, 403);
});

test('everything from outside is escaped in the page', async (t) => {
  const registry = new Registry();
  const scheduler = new Scheduler({ logger: silent });
  scheduler.every('1h', () => Promise.reject(new Error(EVIL)), { name: EVIL, immediate: true });
  scheduler.start();
  t.after(() => scheduler.stop());
  await scheduler.task(EVIL)?.runNow();
  registry.register({
    name: EVIL,
    collect: () => {
      throw new Error(EVIL);
    },
  });
  new Counter({ name: EVIL, help: EVIL, labelNames: ['a'], registry }).inc({ a: EVIL });
  const { url } = await servePage(t, { registry, scheduler, name: EVIL, description: EVIL, version: EVIL });
  const { body } = await rawGet(`${url}/`);
  assert.doesNotMatch(body.replace(/<script>[\s\S]*$/, ''), /<img/);
  assert.ok((body.match(/&#60;img src=x/g)?.length ?? 0) >= 8);
});

test('without JavaScript, the page has health, failing collectors first, tasks and families', async (t) => {
  const registry = new Registry();
  registry.register({ name: 'good', collect: () => [] });
  registry.register({
    name: 'bad',
    collect: () => {
      throw new Error('No route.');
    },
  });
  new Counter({ name: 'requests_total', help: 'Total number of requests.', registry }).inc(5);
  const scheduler = new Scheduler();
  scheduler.every('1h', () => {}, { name: 'tidy' });
  const { url } = await servePage(t, { registry, scheduler });
  const { body } = await rawGet(`${url}/`);
  assert.match(body, /<p class="health failing">Failing<\/p>\n<ul>\n<li>collector bad fails<\/li>/);
  assert.match(
    body,
    /<td>bad<\/td><td>failing<\/td><td>[\d.]+ ms<\/td><td>No route.<\/td>[\s\S]*<td>good<\/td><td>ok<\/td>/,
  );
  assert.match(body, /<td>tidy<\/td>/);
  assert.match(
    body,
    /<td>requests_total<\/td><td>counter<\/td><td>1<\/td><td>5<\/td><td>Total number of requests.<\/td>/,
  );
});

test('a collector keeps its last error after it has recovered', async (t) => {
  const registry = new Registry();
  let isBroken = true;
  registry.register({
    name: 'flaky',
    collect: () => {
      if (isBroken) throw new Error('No route.');
      return [];
    },
  });
  const { url } = await servePage(t, { registry }, { intervalMs: 1 });
  const first = await read<FullMessage>(url, 'snapshot');
  assert.equal(first.health.state, 'failing');
  isBroken = false;
  let latest = first;
  while (latest.health.state === 'failing') latest = await read<FullMessage>(url, 'snapshot');
  const [collector] = latest.collectors;
  assert.deepEqual([collector?.state, collector?.lastError], ['ok', 'No route.']);
  assert.ok((collector?.lastErrorAt ?? 0) > 0);
});

test('a registry that cannot be gathered is a reason, not an error', async (t) => {
  const registry = new Registry();
  registry.gather = () => Promise.reject(new Error('Broken.'));
  const { url } = await servePage(t, { registry });
  const { health } = await read<FullMessage>(url, 'snapshot');
  assert.deepEqual(health, { state: 'failing', reasons: ['the metrics cannot be gathered: Broken.'] });
  assert.match((await rawGet(`${url}/`)).body, /cannot be gathered: Broken\./);
});

for (const options of [
  { history: 'never' },
  { maxViewers: 0 },
  { maxViewers: 1.5 },
  { traceUrl: 'javascript:alert(1)' },
]) {
  test(`statusPage() rejects ${JSON.stringify(options)}`, () => {
    assert.throws(() => statusPage(options as object), RangeError);
  });
}

test('statusPage() rejects unknown options', () => {
  assert.throws(() => statusPage({ regstry: new Registry() } as object), TypeError);
});
