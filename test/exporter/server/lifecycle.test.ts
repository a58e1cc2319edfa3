import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { unhealthyReason } from '../../../src/exporter/healthcheck.ts';
import { parseListenAddress } from '../../../src/exporter/server/listen-address.ts';
import { Counter, Registry } from '../../../src/index.ts';
import { Scheduler } from '../../../src/scheduler/index.ts';
import { Gate, GatedCollector } from '../../http/gated-collector.ts';
import { rawGet } from '../../http/raw.ts';
import { silent } from '../../silent-logger.ts';
import { QUICK, startServer } from './exporter-server.ts';

const at = (port: number, path = '/metrics') => `http://127.0.0.1:${port}${path}`;

test('a task that has not succeeded yet delays readiness, and nothing else', async (t) => {
  const scheduler = new Scheduler();
  const gate = new Gate();
  scheduler.every('1h', () => gate.promise, { name: 'warm_up', immediate: true, readyAfterFirstSuccess: true });
  const { port } = await startServer(t, { scheduler });
  const waiting = await rawGet(at(port, '/-/ready'));
  assert.equal(waiting.status, 503);
  assert.equal(waiting.body, 'Not ready: task warm_up has not succeeded yet.\n');
  assert.equal((await rawGet(at(port, '/-/healthy'))).status, 200);
  assert.equal((await rawGet(at(port))).status, 200);
  const ended = new Promise((resolve) => scheduler.on('run:end', resolve));
  gate.open();
  await ended;
  assert.equal((await rawGet(at(port, '/-/ready'))).status, 200);
});

test('a failing task does not affect readiness', async (t) => {
  const scheduler = new Scheduler({ logger: silent });
  const failed = new Promise((resolve) => scheduler.on('error', resolve));
  scheduler.every('1h', () => Promise.reject(new Error('down')), { name: 'task', immediate: true });
  const { port } = await startServer(t, { scheduler });
  await failed;
  assert.equal((await rawGet(at(port, '/-/ready'))).status, 200);
});

test('during the shutdown delay the exporter keeps serving, healthy but not ready', async (t) => {
  const { server, port } = await startServer(t, { shutdownDelayMs: 300 });
  const stopped = server.stop();
  assert.equal((await rawGet(at(port, '/-/ready'))).body, 'Not ready: stopping.\n');
  assert.equal((await rawGet(at(port, '/-/healthy'))).status, 200);
  assert.equal((await rawGet(at(port))).status, 200);
  await stopped;
  await assert.rejects(rawGet(at(port)), { code: 'ECONNREFUSED' });
});

test('lingers until the scraper has read what the tasks left', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const rows = new Counter({ name: 'rows_total', help: 'Rows.', registry });
  const scheduler = new Scheduler();
  const started = new Gate();
  const gate = new Gate();
  const task = async () => {
    started.open();
    await gate.promise;
    rows.inc(7);
  };
  scheduler.every('1h', task, { name: 'copy', immediate: true });
  const { server, port, log } = await startServer(t, {
    registry,
    scheduler,
    lingerMs: 60_000,
    shutdownTimeoutMs: 60_000,
  });
  const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '10' };
  await rawGet(at(port), headers);
  await started.promise;
  const stopped = server.stop();
  assert.match((await rawGet(at(port), headers)).body, /^rows_total 0$/m);
  gate.open();
  while (!log.lines.includes('info Waiting for the last scrapes.'))
    await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await rawGet(at(port, '/-/ready'))).body, 'Not ready: stopping.\n');
  assert.match((await rawGet(at(port), headers)).body, /^rows_total 7$/m);
  await stopped;
  await assert.rejects(rawGet(at(port)), { code: 'ECONNREFUSED' });
  assert.ok(!log.lines.some((line) => line.startsWith('warn')), log.lines.join('\n'));
});

test('reports the scrapers that have not read the final values in time', async (t) => {
  const { server, port, log } = await startServer(t, { lingerMs: 1 });
  await rawGet(at(port), { 'X-Prometheus-Scrape-Timeout-Seconds': '10' });
  await server.stop();
  assert.ok(log.lines.includes('warn Not all scrapers have read the final values.'));
});

test('a scrape in flight at shutdown is completed', async (t) => {
  const { server, port, registry } = await startServer(t);
  const collector = new GatedCollector();
  registry.register(collector);
  const answer = rawGet(at(port));
  await collector.asked.promise;
  const stopped = server.stop();
  collector.go.open();
  assert.match((await answer).body, /^gated 1$/m);
  await stopped;
});

test('a scrape that takes longer than the shutdown timeout is dropped', async (t) => {
  const { server, port, registry } = await startServer(t, { shutdownTimeoutMs: 50 });
  const collector = new GatedCollector();
  registry.register(collector);
  const answer = rawGet(at(port));
  const cut = assert.rejects(answer);
  await collector.asked.promise;
  await server.stop();
  await cut;
});

test('a hundred idle keep-alive connections do not delay the shutdown', async (t) => {
  const { server, port } = await startServer(t, { shutdownTimeoutMs: 60_000 });
  const sockets = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      socket.write('GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'data');
      return socket;
    }),
  );
  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  await server.stop();
  await closed;
});

test('stopping twice has the same effect as stopping once', async (t) => {
  const { server } = await startServer(t);
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
});

test('the shutdown waits for a running task, and then aborts it', async (t) => {
  const scheduler = new Scheduler({ logger: silent });
  const began = new Gate<AbortSignal>();
  const ended = new Gate();
  const run = ({ signal }: { readonly signal: AbortSignal }) => {
    began.open(signal);
    signal.addEventListener('abort', () => ended.open());
    return ended.promise;
  };
  scheduler.every('1h', run, { name: 'task', immediate: true });
  const { server } = await startServer(t, { scheduler, shutdownTimeoutMs: 50 });
  const signal = await began.promise;
  await server.stop();
  assert.equal(signal.aborted, true);
});

test('the server listens on several addresses, and serves the same on each', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'x.sock');
  const { bound, server } = await startServer(t, {
    addresses: [{ host: '127.0.0.1', port: 0 }, { host: '::1', port: 0 }, { path }],
  });
  for (const address of bound) {
    const target = 'path' in address ? { socketPath: address.path } : { ...address };
    const [response] = await once(request({ ...target, path: '/metrics', agent: false }).end(), 'response');
    assert.match(await text(response), /^g 1$/m);
  }
  await server.stop();
});

test('if one of several addresses cannot be used, the server listens on none', async (t) => {
  const first = await startServer(t);
  await assert.rejects(
    startServer(t, {
      addresses: [parseListenAddress('127.0.0.1:0') as never, { host: '127.0.0.1', port: first.port }],
    }),
    { name: 'CommandError', message: /the address is in use/ },
  );
});

for (const [path, method, isEnabled, status] of [
  ['/-/reload', 'POST', true, 200],
  ['/-/reload', 'PUT', true, 200],
  ['/-/reload', 'GET', true, 405],
  ['/-/reload', 'HEAD', true, 405],
  ['/-/reload', 'POST', false, 403],
  ['/-/quit', 'POST', true, 200],
  ['/-/quit', 'GET', true, 405],
  ['/-/quit', 'POST', false, 403],
  ['/-/quit', 'DELETE', false, 405],
] as const) {
  test(`${method} ${path} with lifecycle ${isEnabled ? 'on' : 'off'} is ${status}`, async (t) => {
    const calls: string[] = [];
    const { port } = await startServer(t, {
      isLifecycleEnabled: isEnabled,
      reload: async () => void calls.push('/-/reload'),
      quit: () => void calls.push('/-/quit'),
    });
    const answer = await rawGet(at(port, path), {}, { method });
    assert.equal(answer.status, status);
    assert.equal(answer.headers.allow, status === 405 ? 'POST, PUT' : undefined);
    assert.deepEqual(calls, status === 200 ? [path] : []);
  });
}

test('a page of another site cannot stop the exporter', async (t) => {
  const { port } = await startServer(t, { isLifecycleEnabled: true, quit: () => assert.fail() });
  for (const site of ['cross-site', 'same-site']) {
    assert.equal((await rawGet(at(port, '/-/quit'), { 'Sec-Fetch-Site': site }, { method: 'POST' })).status, 403);
  }
});

test('a failed reload responds with 500 and the reason', async (t) => {
  const reload = () => Promise.reject(new Error('line 3, column 1: no.'));
  const { port } = await startServer(t, { isLifecycleEnabled: true, reload });
  const { status, body, headers } = await rawGet(at(port, '/-/reload'), {}, { method: 'POST' });
  assert.equal(status, 500);
  assert.equal(body, 'Failed to reload: line 3, column 1: no.\n');
  assert.equal(headers['x-content-type-options'], 'nosniff');
});

test('all paths are below the prefix, and the root redirects to it', async (t) => {
  const { port } = await startServer(t, { prefix: '/exporter/x' });
  for (const path of ['/', '/metrics', '/-/healthy', '/-/ready']) {
    assert.equal((await rawGet(at(port, `/exporter/x${path}`))).status, 200);
  }
  assert.equal((await rawGet(at(port, '/metrics'))).status, 404);
  for (const path of ['/', '/exporter/x']) {
    const { status, headers } = await rawGet(at(port, path), { Host: 'evil.example' });
    assert.deepEqual([status, headers.location], [302, '/exporter/x/']);
  }
});

test('the landing page shows tasks and collectors, and escapes their names', async (t) => {
  const evil = '<img src=x onerror=alert(1)>"\'&</td>';
  const scheduler = new Scheduler({ logger: silent });
  const failed = new Promise((resolve) => scheduler.on('error', resolve));
  scheduler.every('1h', () => Promise.reject(new Error(evil)), { name: evil, immediate: true });
  const { port, registry } = await startServer(t, { scheduler, name: evil, description: evil, version: evil });
  registry.register({ name: evil, collect: () => [] });
  await failed;
  const { body, headers } = await rawGet(at(port, '/'));
  assert.doesNotMatch(body, /<img/);
  assert.equal(body.match(/&#60;img src=x/g)?.length, 7);
  assert.match(body, /<td>scheduled<\/td><td>never<\/td><td>in 3[56]\d\d s<\/td><td>1<\/td>/);
  assert.match(String(headers['content-security-policy']), /^default-src 'none'/);
});

test('the icon of a browser is empty, and not an error', async (t) => {
  const { port } = await startServer(t);
  assert.equal((await rawGet(at(port, '/favicon.ico'))).status, 204);
});

for (const path of ['/', '/-/healthy', '/-/ready', '/metrics']) {
  test(`${path} accepts only GET, HEAD and OPTIONS`, async (t) => {
    const { port } = await startServer(t);
    for (const [method, status] of [
      ['GET', 200],
      ['HEAD', 200],
      ['OPTIONS', 204],
      ['POST', 405],
      ['TRACE', 405],
    ] as const) {
      const answer = await rawGet(at(port, path), {}, { method });
      assert.equal(answer.status, status, method);
      if (method === 'HEAD') assert.equal(answer.body, '');
      assert.equal(answer.headers.allow, status === 200 ? undefined : 'GET, HEAD, OPTIONS');
    }
  });
}

test('connections beyond the limit are dropped and logged, and the others are served', async (t) => {
  const { port, log } = await startServer(t, {
    limits: { ...QUICK, headersTimeout: 60_000, requestTimeout: 60_000, maxConnections: 3 },
  });
  const sockets = Array.from({ length: 3 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  await assert.rejects(rawGet(at(port)));
  for (const socket of sockets) socket.destroy();
  let status = 0;
  while (status !== 200)
    status = await rawGet(at(port)).then(
      (answer) => answer.status,
      () => 0,
    );
  assert.ok(log.lines.includes('warn Too many connections; dropped one.'));
});

test('a network that has all connections loses one to another network, but not to itself', async (t) => {
  const { port, log } = await startServer(t, {
    limits: { ...QUICK, headersTimeout: 60_000, requestTimeout: 60_000, maxConnections: 5 },
  });
  const open = async (localAddress: string) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress }).on('error', () => {});
    t.after(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  const greedy = [await open('127.0.0.2'), await open('127.0.0.2'), await open('127.0.0.2')];
  const others = [await open('127.0.0.3'), await open('127.0.0.4')];
  const closed = greedy.map((socket) => once(socket.resume(), 'close'));
  await assert.rejects(rawGet(at(port), {}, { localAddress: '127.0.0.2' }));
  assert.equal((await rawGet(at(port), {}, { localAddress: '127.0.0.1' })).status, 200);
  await closed[2];
  assert.deepEqual(
    [...greedy, ...others].map(({ destroyed }) => destroyed),
    [false, false, true, false, false],
  );
  assert.equal(log.lines.filter((line) => line === 'warn Too many connections; dropped one.').length, 2);
});

const FIXTURES = 'test/web-config/fixtures';

for (const [file, isTls] of [
  ['empty', false],
  ['users', false],
  ['tls', true],
  ['client-verify', true],
  ['client-require-any', true],
] as const) {
  test(`the health check reports an exporter with ${file}.good.yml as healthy`, async (t) => {
    const { port } = await startServer(t, { file: `${FIXTURES}/${file}.good.yml` });
    const address = { host: '127.0.0.1', port };
    assert.equal(await unhealthyReason({ address, prefix: '', isTls }), undefined);
  });
}

test('the health check supports Unix sockets and prefixes', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const address = { path: join(folder, 'x.sock') };
  await startServer(t, { addresses: [address], prefix: '/p' });
  assert.equal(await unhealthyReason({ address, prefix: '/p', isTls: false }), undefined);
  assert.match((await unhealthyReason({ address, prefix: '', isTls: false })) ?? '', /returned status 404/);
});

test('the health check fails if nothing listens, or another program', async (t) => {
  const { port, server } = await startServer(t);
  const address = { host: '127.0.0.1', port };
  assert.match((await unhealthyReason({ address, prefix: '', isTls: true })) ?? '', /did not respond/);
  await server.stop();
  assert.match((await unhealthyReason({ address, prefix: '', isTls: false })) ?? '', /ECONNREFUSED/);
});
