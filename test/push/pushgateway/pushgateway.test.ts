import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Counter, Gauge, Registry } from '../../../src/index.ts';
import type { MetricFamily } from '../../../src/model/index.ts';
import { PushError, Pushgateway, type PushgatewayOptions } from '../../../src/push/index.ts';
import { startReceiver } from '../receiver.ts';

function newGateway(t: TestContext, options: Omit<PushgatewayOptions, 'job'>): Pushgateway {
  const gateway = new Pushgateway({ job: 'test', retry: { attempts: 0 }, ...options });
  t.after(() => gateway.stop());
  return gateway;
}

function registryWith(family: MetricFamily): Registry {
  const registry = new Registry();
  registry.register({ collect: () => [family] });
  return registry;
}

function sampleRegistry(): Registry {
  const registry = new Registry();
  new Counter({ name: 'rows_total', help: 'Rows.', registry }).inc(3);
  return registry;
}

test('push() replaces the group, add() adds to it, and delete() deletes it', async (t) => {
  const receiver = await startReceiver(t);
  const gateway = newGateway(t, { url: receiver.url, registry: sampleRegistry(), format: 'text' });
  await gateway.push();
  await gateway.add();
  await gateway.delete();
  const sent = receiver.requests.map(({ method, path, body }) => [method, path, body.toString()]);
  const text = '# HELP rows_total Rows.\n# TYPE rows_total counter\nrows_total 3\n';
  assert.deepEqual(sent, [
    ['PUT', '/metrics/job/test', text],
    ['POST', '/metrics/job/test', text],
    ['DELETE', '/metrics/job/test', ''],
  ]);
  assert.equal(receiver.requests[0]?.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
});

test('the result contains the status and the length of the body', async (t) => {
  const receiver = await startReceiver(t, (response) => response.writeHead(202).end());
  const report = await newGateway(t, { url: receiver.url, registry: sampleRegistry() }).push();
  assert.deepEqual(report, { status: 202, bytes: receiver.requests[0]?.body.length, failures: [] });
});

test('a collector that fails is left out and reported', async (t) => {
  const receiver = await startReceiver(t);
  const registry = sampleRegistry();
  registry.register({
    name: 'broken',
    collect: () => {
      throw new Error('Disk failure.');
    },
  });
  const { failures } = await newGateway(t, { url: receiver.url, registry, format: 'text' }).push();
  assert.deepEqual(
    failures.map(({ collector, error }) => [collector, error.message]),
    [['broken', 'Disk failure.']],
  );
  assert.match(receiver.requests[0]?.body.toString() ?? '', /rows_total 3/);
});

test('bodies may be compressed', async (t) => {
  const receiver = await startReceiver(t);
  await newGateway(t, { url: receiver.url, registry: sampleRegistry(), format: 'text', compress: true }).push();
  assert.equal(receiver.requests[0]?.headers['content-encoding'], 'gzip');
  assert.match(gunzipSync(receiver.requests[0].body).toString(), /rows_total 3/);
});

test('a sample with a label of the group is not sent', async (t) => {
  const receiver = await startReceiver(t);
  for (const label of ['job', 'my_key', 'my.key']) {
    const registry = registryWith({
      name: 'a',
      help: '',
      type: 'gauge',
      points: [{ labels: { [label]: 'x' }, value: 1 }],
    });
    for (const format of ['text', 'protobuf'] as const) {
      const gateway = newGateway(t, { url: receiver.url, groupingKey: { my_key: '1' }, registry, format });
      await assert.rejects(gateway.push(), { name: 'RangeError', message: /^a has the label (job|my_key), which/ });
      await assert.rejects(gateway.add(), RangeError);
    }
  }
  assert.equal(receiver.requests.length, 0);
});

test('a metric with a label of the group is not sent, also after other labels', async (t) => {
  const receiver = await startReceiver(t);
  const registry = sampleRegistry();
  new Gauge({ name: 'b', help: '', labelNames: ['x', 'instance'], registry }).set({ x: 1, instance: 2 }, 3);
  const gateway = newGateway(t, { url: receiver.url, groupingKey: { instance: 'a' }, registry });
  await assert.rejects(gateway.push(), /b has the label instance/);
});

test('a sample with a timestamp is not sent', async (t) => {
  const receiver = await startReceiver(t);
  const registry = registryWith({ name: 'a', help: '', type: 'gauge', points: [{ value: 1, timestamp: 5 }] });
  await assert.rejects(newGateway(t, { url: receiver.url, registry }).push(), /a has a timestamp/);
  assert.equal(receiver.requests.length, 0);
});

test('a label that would start with two underscores is not sent', async (t) => {
  const receiver = await startReceiver(t);
  const points = [{ labels: { 場所: 'x' }, value: 1 }];
  const registry = registryWith({ name: 'a', help: '', type: 'gauge', points });
  await assert.rejects(newGateway(t, { url: receiver.url, registry }).push(), /a has the label __, which is reserved/);
});

test('an error contains the status and the message of the gateway, up to a limit and on one line', async (t) => {
  const words = 'pushed metrics are invalid or inconsistent with existing metrics: x\n';
  const receiver = await startReceiver(t, (response, _request, index) => {
    response.writeHead(400).end(index === 0 ? words : `a\u001b[1m\nb${'c'.repeat(5000)}`);
  });
  const gateway = newGateway(t, { url: receiver.url, registry: sampleRegistry() });
  await assert.rejects(gateway.push(), (error) => {
    assert(error instanceof PushError);
    assert.equal(error.status, 400);
    assert.equal(error.message, `PUT ${receiver.url}/ was answered with status 400: ${words.trim()}`);
    return true;
  });
  await assert.rejects(gateway.push(), (error: Error) => /\\u001b/.test(error.message) && error.message.length < 1200);
});

test('a redirect is an error that contains its target', async (t) => {
  const other = await startReceiver(t);
  const receiver = await startReceiver(t, (response) => response.writeHead(307, { Location: other.url }).end());
  const gateway = newGateway(t, { url: receiver.url, registry: sampleRegistry(), bearerToken: 'a' });
  await assert.rejects(
    gateway.push(),
    new RegExp(`status 307\\. Redirects are not followed: it points to ${other.url}`),
  );
  assert.equal(other.requests.length, 0);
});

test('429 and 5xx are retried, other statuses are not', async (t) => {
  for (const [status, requests] of [
    [429, 3],
    [500, 3],
    [503, 3],
    [400, 1],
    [404, 1],
    [301, 1],
  ] as const) {
    const receiver = await startReceiver(t, (response) => response.writeHead(status).end());
    const retry = { attempts: 2, min: 1, max: 1 };
    const gateway = newGateway(t, { url: receiver.url, registry: sampleRegistry(), retry });
    await assert.rejects(gateway.push(), { name: 'PushError', status });
    assert.equal(receiver.requests.length, requests, String(status));
  }
});

test('a push that fails once succeeds with a retry', async (t) => {
  const receiver = await startReceiver(t, (response, _request, index) => {
    if (index === 0) response.destroy();
    else response.end();
  });
  const gateway = newGateway(t, { url: receiver.url, registry: sampleRegistry(), retry: { min: 1 } });
  assert.equal((await gateway.push()).status, 200);
});

test('a signal aborts a push and its retries', async (t) => {
  const controller = new AbortController();
  const receiver = await startReceiver(t, (response) => {
    response.writeHead(503).end();
    controller.abort(new Error('Stopped.'));
  });
  const gateway = newGateway(t, { url: receiver.url, registry: sampleRegistry(), retry: { min: '1h', max: '1h' } });
  await assert.rejects(gateway.push({ signal: controller.signal }), /^Error: Stopped\.$/);
  assert.equal(receiver.requests.length, 1);
});

test('the path of the URL precedes that of the group', async (t) => {
  const receiver = await startReceiver(t);
  await newGateway(t, {
    url: `${receiver.url}/gateway/`,
    registry: sampleRegistry(),
    groupingKey: { a: '../b' },
  }).push();
  assert.equal(receiver.requests[0]?.path, `/gateway/metrics/job/test/a@base64/Li4vYg`);
});

test('pushes are counted', async (t) => {
  const receiver = await startReceiver(t, (response, _request, index) => {
    if (index < 2) response.writeHead(index === 0 ? 200 : 400).end();
    else response.destroy();
  });
  const selfMetrics = new Registry();
  const gateway = newGateway(t, { url: receiver.url, registry: sampleRegistry(), selfMetrics });
  await gateway.push();
  await assert.rejects(gateway.push());
  await assert.rejects(gateway.push());
  const exposition = await selfMetrics.expose();
  for (const outcome of ['success', 'rejected', 'failed']) {
    assert.match(exposition, new RegExp(`zeroprom_pushes_total{target="pushgateway",outcome="${outcome}"} 1\n`));
  }
  const bytes = receiver.requests[0]?.body.length;
  assert.match(exposition, new RegExp(`zeroprom_push_sent_bytes_total{target="pushgateway"} ${bytes}\n`));
  assert.match(exposition, /zeroprom_push_duration_seconds_count{target="pushgateway"} 3\n/);
  assert.match(exposition, /zeroprom_push_last_success_timestamp_seconds{target="pushgateway"} \d{10}/);
});
