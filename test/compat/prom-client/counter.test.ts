import assert from 'node:assert/strict';
import { loose, testBoth } from './libraries.ts';

const config = { name: 'c', help: 'H', registers: [] };

testBoth('inc() adds 1 by default, for undefined and for null', async ({ Counter }) => {
  const counter = new Counter(config);
  const inc = loose(counter)['inc']!.bind(counter);
  for (const values of [[], [undefined], [null], [2.5], [0], [{}], [{}, undefined], [{}, null], [{}, 4]])
    inc(...values);
  assert.deepEqual((await counter.get()).values, [{ value: 12.5, labels: {} }]);
});

testBoth('inc() refuses negative numbers and values that are not numbers, and adds nothing', async ({ Counter }) => {
  const counter = new Counter(config);
  const child = loose(counter.labels());
  for (const call of [loose(counter)['inc']!.bind(counter), child['inc']!]) {
    assert.throws(() => call(-1), { name: 'Error', message: 'It is not possible to decrease a counter' });
    for (const [value, shown] of [
      ['3ms', '3ms'],
      ['5', '5'],
      [Infinity, 'Infinity'],
      [-Infinity, '-Infinity'],
      [true, 'true'],
      [5n, '5n'],
    ] as const) {
      const error = { name: 'TypeError', message: `Value is not a valid number: ${shown}` };
      assert.throws(() => call(value), error);
    }
  }
  assert.throws(() => loose(counter)['inc']!({}, { a: [1] }), {
    name: 'TypeError',
    message: 'Value is not a valid number: { a: [ 1 ] }',
  });
  assert.deepEqual((await counter.get()).values, [{ value: 0, labels: {} }]);
});

testBoth('a counter without labels exists from the start, and one with labels does not', async ({ Counter }) => {
  assert.deepEqual((await new Counter(config).get()).values, [{ value: 0, labels: {} }]);
  assert.deepEqual((await new Counter({ ...config, labelNames: ['a'] }).get()).values, []);
});

testBoth('get() returns help, name, type, values and aggregator', async ({ Counter }) => {
  const counter = new Counter({ ...config, aggregator: 'max' });
  const shown = { help: 'H', name: 'c', type: 'counter', values: [{ value: 0, labels: {} }], aggregator: 'max' };
  assert.equal(JSON.stringify(await counter.get()), JSON.stringify(shown));
});

testBoth('reset() drops all series, and sets a counter without labels to 0', async ({ Counter }) => {
  const bare = new Counter(config);
  const labelled = new Counter({ ...config, labelNames: ['a'] });
  const child = labelled.labels('x');
  bare.inc(3);
  child.inc(3);
  bare.reset();
  labelled.reset();
  assert.deepEqual((await bare.get()).values, [{ value: 0, labels: {} }]);
  assert.deepEqual((await labelled.get()).values, []);
  child.inc(2);
  assert.deepEqual((await labelled.get()).values, [{ value: 2, labels: { a: 'x' } }]);
  bare.remove();
  bare.reset();
  assert.deepEqual((await bare.get()).values, [{ value: 0, labels: {} }]);
});

testBoth('get() waits for an asynchronous collect()', async ({ Counter }) => {
  const counter = new Counter({
    ...config,
    async collect() {
      await new Promise((resolve) => setImmediate(resolve));
      this.inc(5);
    },
  });
  assert.equal((await counter.get()).values[0]?.value, 5);
});

testBoth('get() rejects with the error of collect()', async ({ Counter }) => {
  const error = new Error('It failed.');
  const throwing = new Counter({
    ...config,
    collect() {
      throw error;
    },
  });
  await assert.rejects(throwing.get(), error);
  await assert.rejects(new Counter({ ...config, collect: () => Promise.reject(error) }).get(), error);
});

testBoth('many series come and go', async ({ Counter }) => {
  const counter = new Counter({ ...config, labelNames: ['a', 'b'] });
  for (let round = 0; round < 3; round++) {
    for (let index = 0; index < 500; index++) counter.inc({ a: index, b: `${round}` });
    for (let index = 0; index < 500; index += 2) counter.remove({ a: index, b: `${round}` });
  }
  counter.inc({ a: 1, b: '0' }, 5);
  const { values } = await counter.get();
  assert.equal(values.length, 750);
  assert.deepEqual(values[0], { value: 6, labels: { a: 1, b: '0' } });
  assert.deepEqual(values.at(-1), { value: 1, labels: { a: 499, b: '2' } });
});
