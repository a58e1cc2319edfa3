import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loose, testBoth, zeroprom } from './libraries.ts';

const AB = { name: 'm', help: 'H', labelNames: ['a', 'b'], registers: [] };

testBoth('the order of labels does not matter, and the first call decides how they are shown', async ({ Counter }) => {
  const counter = new Counter(AB);
  counter.inc({ b: 200, a: 'x' });
  counter.inc({ a: 'x', b: '200' });
  const { values } = await counter.get();
  assert.equal(JSON.stringify(values), '[{"value":2,"labels":{"b":200,"a":"x"}}]');
});

testBoth(
  'any subset of the labels is a series, and a label that is undefined counts as missing',
  async ({ Counter }) => {
    const counter = new Counter(AB);
    counter.inc();
    counter.inc({});
    counter.inc({ a: 'x' });
    loose(counter)['inc']!({ a: 'x', b: undefined });
    counter.inc({ b: 'x' });
    assert.deepEqual((await counter.get()).values, [
      { value: 2, labels: {} },
      { value: 2, labels: { a: 'x' } },
      { value: 1, labels: { b: 'x' } },
    ]);
  },
);

testBoth('label values of any type become strings', async ({ Gauge, Registry }) => {
  const registry = new Registry();
  const gauge = new Gauge({ ...AB, registers: [registry] });
  for (const a of [null, true, 0, ['p', 'q'], {}]) loose(gauge)['inc']!({ a });
  for (const a of ['null', 'true', '0', 'p,q', '[object Object]']) gauge.inc({ a });
  const lines = (await registry.metrics()).trim().split('\n').slice(2);
  assert.deepEqual(lines, ['m{a="null"} 2', 'm{a="true"} 2', 'm{a="0"} 2', 'm{a="p,q"} 2', 'm{a="[object Object]"} 2']);
});

for (const type of ['Counter', 'Gauge', 'Histogram', 'Summary'] as const) {
  testBoth(`${type}: a label that was not declared is refused at every call`, async (client) => {
    const metric = loose(new client[type]({ ...AB }));
    const method = { Counter: 'inc', Gauge: 'set', Histogram: 'observe', Summary: 'observe' }[type];
    const error = {
      name: 'Error',
      message: `Added label "z" is not included in initial labelset: [ 'a', 'b' ]`,
    };
    for (const labels of [{ z: 'x' }, { a: 'x', z: 'x' }, { a: 'x', b: 'x', z: 'x' }]) {
      assert.throws(() => metric[method]!(labels, 1), error);
      assert.throws(() => metric['remove']!(labels), error);
    }
    metric[method]!({ a: 'x', b: 'x' }, 1);
    assert.throws(() => metric[method]!({ a: 'x', z: 'x' }, 1), error);
    assert.throws(() => metric[method]!(Object.create({ z: 1 }), 1), error);
  });

  testBoth(`${type}: the number of values by position must equal that of the names`, (client) => {
    const metric = loose(new client[type]({ ...AB }));
    const error = {
      name: 'Error',
      message: 'Invalid number of arguments (1): "GET" for label names (2): "a, b".',
    };
    assert.throws(() => metric['labels']!('GET'), error);
    assert.throws(() => metric['remove']!('GET'), error);
    assert.throws(() => metric['labels']!(), /Invalid number of arguments \(0\): "" for label names \(2\): "a, b"\./);
    assert.throws(() => metric['labels']!('a', 'b', 'c'), /Invalid number of arguments \(3\): "a, b, c"/);
  });

  testBoth(`${type}: labels() creates no series until the child is used, also after a removal`, async (client) => {
    const metric = loose(new client[type]({ ...AB }));
    const method = { Counter: 'inc', Gauge: 'set', Histogram: 'observe', Summary: 'observe' }[type];
    const count = async () => ((await metric['get']!()) as { values: unknown[] }).values.length;
    const child = loose(metric['labels']!('x', 'y') as object);
    assert.equal(await count(), 0);
    child[method]!(1);
    const one = await count();
    assert.ok(one > 0);
    metric['remove']!('x', 'y');
    assert.equal(await count(), 0);
    child[method]!(1);
    assert.equal(await count(), one);
    metric['remove']!({ b: 'y', a: 'x' });
    assert.equal(await count(), 0);
    loose(metric['labels']!({ b: 'y', a: 'x' }) as object)[method]!(1);
    child[method]!(1);
    assert.equal(await count(), one);
  });

  testBoth(`${type}: methods of a child work when they are detached`, async (client) => {
    const metric = loose(new client[type]({ ...AB }));
    const method = { Counter: 'inc', Gauge: 'set', Histogram: 'observe', Summary: 'observe' }[type];
    const { [method]: update } = loose(metric['labels']!('x', 'y') as object);
    update!(1);
    assert.ok(((await metric['get']!()) as { values: unknown[] }).values.length > 0);
  });

  testBoth(`${type}: the series without labels can be removed`, async (client) => {
    const metric = loose(new client[type]({ name: 'm', help: 'H', registers: [] }));
    const method = { Counter: 'inc', Gauge: 'set', Histogram: 'observe', Summary: 'observe' }[type];
    metric[method]!(1);
    const { values } = (await metric['get']!()) as { values: unknown[] };
    metric['remove']!();
    assert.deepEqual(((await metric['get']!()) as { values: unknown[] }).values, []);
    metric[method]!(1);
    assert.deepEqual(((await metric['get']!()) as { values: unknown[] }).values, values);
  });
}

testBoth('remove() with only some of the labels removes nothing', async ({ Counter }) => {
  const counter = new Counter(AB);
  counter.inc({ a: 'x', b: 'y' });
  counter.remove({ a: 'x' });
  counter.remove({});
  assert.equal((await counter.get()).values.length, 1);
});

testBoth('Gauge: the last call of set() decides how the labels are shown', async ({ Gauge }) => {
  const gauge = new Gauge(AB);
  gauge.set({ a: '1', b: '2' }, 1);
  gauge.set({ b: 2, a: 1 }, 2);
  gauge.inc({ a: '1', b: '2' });
  assert.equal(JSON.stringify((await gauge.get()).values), '[{"value":3,"labels":{"b":2,"a":1}}]');
  gauge.labels('1', '2').set(5);
  assert.equal(JSON.stringify((await gauge.get()).values), '[{"value":5,"labels":{"a":"1","b":"2"}}]');
});

test('labels are copied, so a caller may reuse the object', async () => {
  const counter = new zeroprom.Counter(AB);
  const labels = { a: 1, b: 'x' };
  counter.inc(labels);
  labels.a = 2;
  counter.inc(labels);
  assert.deepEqual((await counter.get()).values, [
    { value: 1, labels: { a: 1, b: 'x' } },
    { value: 1, labels: { a: 2, b: 'x' } },
  ]);
});

test('__proto__ is a label like any other', async () => {
  const registry = new zeroprom.Registry();
  const counter = new zeroprom.Counter({ name: 'm', help: 'H', labelNames: ['__proto__', 'a'], registers: [registry] });
  counter.labels('p', '1').inc();
  counter.inc(JSON.parse('{"__proto__":"q"}'));
  assert.deepEqual((await registry.metrics()).split('\n').slice(2, -1), [
    'm{__proto__="p",a="1"} 1',
    'm{__proto__="q"} 1',
  ]);
  assert.equal(({} as { a?: unknown }).a, undefined);
});

testBoth('hashMap has the series by their labels', ({ Counter, Gauge }) => {
  const counter = new Counter({ name: 'm', help: 'H', registers: [] });
  counter.inc(3);
  const { hashMap } = counter as unknown as { hashMap: Record<string, { value: number; labels: object }> };
  assert.equal(hashMap['']?.value, 3);
  const gauge = new Gauge({ ...AB, labelNames: ['b', 'a_', 'a'] });
  gauge.set({ b: 'x', a_: '2', a: 1 }, 7);
  const { hashMap: labelled } = gauge as unknown as typeof counter & { hashMap: typeof hashMap };
  assert.deepEqual(labelled['a:1,a_:2,b:x,'], { value: 7, labels: { b: 'x', a_: '2', a: 1 } });
});

testBoth('an empty hashMap drops all series', async ({ Counter }) => {
  const counter = new Counter(AB);
  counter.inc({ a: 'x' });
  Object.assign(counter, { hashMap: {} });
  assert.deepEqual((await counter.get()).values, []);
});
