/** Metrics that Debian's Pushgateway accepts, rejects and stores. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Counter, Gauge, Histogram, Info, Registry, StateSet, Summary } from '../../../src/index.ts';
import { Pushgateway, type PushgatewayOptions } from '../../../src/push/index.ts';
import { needs } from '../../installed-programs.ts';
import { samplesOf, startPushgateway } from './real-gateway.ts';

const installed = needs('prometheus-pushgateway');

function newGateway(t: TestContext, options: PushgatewayOptions): Pushgateway {
  const gateway = new Pushgateway({ retry: { attempts: 0 }, ...options });
  t.after(() => gateway.stop());
  return gateway;
}

for (const format of ['protobuf', 'text'] as const) {
  test(`a gateway stores all types of metrics in ${format}`, installed, async (t) => {
    const url = await startPushgateway(t);
    const registry = new Registry();
    new Counter({ name: 'c_total', help: 'C.', registry }).inc(2);
    new Gauge({ name: 'g', help: 'G.', labelNames: ['l'], registry }).set({ l: 'a"\\\n' }, 1.5);
    new Histogram({ name: 'h', help: 'H.', buckets: [1], registry }).observe(0.5);
    new Summary({ name: 's', help: 'S.', registry }).observe(3);
    new Info({ name: 'i_info', help: 'I.', labelNames: ['v'], registry }).set({ v: '1' });
    new StateSet({ name: 'st', help: 'St.', states: ['on', 'off'], registry }).set('on');
    for (const compress of [false, true]) {
      await newGateway(t, { url, job: 'types', registry, format, compress }).push();
    }
    for (const [name, expected] of [
      ['c_total', ['c_total{instance="",job="types"} 2']],
      ['g{', ['g{instance="",job="types",l="a\\"\\\\\\n"} 1.5']],
      ['h_bucket', ['h_bucket{instance="",job="types",le="1"} 1', 'h_bucket{instance="",job="types",le="+Inf"} 1']],
      ['s_sum', ['s_sum{instance="",job="types"} 3']],
      ['i_info', ['i_info{instance="",job="types",v="1"} 1']],
      ['st{', ['st{instance="",job="types",st="on"} 1', 'st{instance="",job="types",st="off"} 0']],
    ] as const) {
      assert.deepEqual((await samplesOf(url, name)).sort(), [...expected].sort());
    }
  });
}

test('groups have exactly the labels of their keys', installed, async (t) => {
  const url = await startPushgateway(t);
  const values = ['.', '..', '../../x', 'a/b', 'a+b c', '%2e%2e', '', 'ä💾', 'a\\b'];
  for (const [index, value] of values.entries()) {
    const registry = new Registry();
    new Gauge({ name: 'index', help: 'Index.', registry }).set(index);
    await newGateway(t, { url, job: `a/${value}`, groupingKey: { key: value, z: 1 }, registry }).push();
  }
  const { data } = (await (await fetch(`${url}/api/v1/metrics`)).json()) as {
    readonly data: readonly { readonly labels: Readonly<Record<string, string>> }[];
  };
  const groups = data.map(({ labels }) => [labels['job'], labels['key'] ?? '', labels['z']]);
  assert.deepEqual(groups.sort(), values.map((value) => [`a/${value}`, value, '1']).sort());
});

test('push() replaces all families, add() only those of its registry, and delete() all', installed, async (t) => {
  const url = await startPushgateway(t);
  const [first, second] = [new Registry(), new Registry()];
  new Gauge({ name: 'one', help: 'One.', registry: first }).set(1);
  new Gauge({ name: 'two', help: 'Two.', registry: second }).set(2);
  const names = async () =>
    [...(await samplesOf(url, 'one')), ...(await samplesOf(url, 'two'))].map((line) => line.slice(0, 3));
  await newGateway(t, { url, job: 'a', registry: first }).push();
  await newGateway(t, { url, job: 'a', registry: second }).add();
  assert.deepEqual(await names(), ['one', 'two']);
  const gateway = newGateway(t, { url, job: 'a', registry: second });
  await gateway.push();
  assert.deepEqual(await names(), ['two']);
  await gateway.delete();
  await gateway.delete();
  assert.deepEqual(await names(), []);
});

test('an inconsistent type is an error with the message of the gateway', installed, async (t) => {
  const url = await startPushgateway(t);
  const [first, second] = [new Registry(), new Registry()];
  new Gauge({ name: 'x_total', help: 'X.', registry: first }).set(1);
  new Counter({ name: 'x_total', help: 'X.', registry: second }).inc();
  await newGateway(t, { url, job: 'a', registry: first }).push();
  await assert.rejects(newGateway(t, { url, job: 'b', registry: second }).push(), {
    name: 'PushError',
    status: 400,
    message: /status 400: pushed metrics are invalid or inconsistent with existing metrics: .*x_total/,
  });
});
