import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { loose, testBoth } from './libraries.ts';

const config = { name: 'g', help: 'H', registers: [] };

testBoth('set() accepts numbers only', async ({ Gauge }) => {
  const gauge = new Gauge(config);
  for (const value of [5, -5, 0, NaN, Infinity, -Infinity]) {
    gauge.set(value);
    assert.equal((await gauge.get()).values[0]?.value, value);
  }
  for (const [value, shown] of [
    ['5', '5'],
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'true'],
  ] as const) {
    const error = { name: 'TypeError', message: `Value is not a valid number: ${shown}` };
    assert.throws(() => loose(gauge)['set']!(value), error);
    assert.throws(() => loose(gauge)['set']!({}, value), error);
    assert.throws(() => loose(gauge.labels())['set']!(value), error);
  }
});

testBoth('inc() and dec() change the value by 1 or by any number', async ({ Gauge }) => {
  const gauge = new Gauge({ ...config, labelNames: ['a'] });
  const value = async () => (await gauge.get()).values.map((series) => series.value);
  gauge.inc();
  gauge.inc(2);
  gauge.dec();
  gauge.dec(0.5);
  gauge.inc({ a: 'x' });
  gauge.inc({ a: 'x' }, 10);
  gauge.dec({ a: 'x' });
  gauge.dec({ a: 'y' }, 2);
  gauge.labels('y').inc();
  gauge.labels('y').dec(5);
  assert.deepEqual(await value(), [1.5, 10, -6]);
  gauge.inc(Infinity);
  gauge.inc({ a: 'x' }, NaN);
  assert.deepEqual(await value(), [Infinity, NaN, -6]);
});

testBoth('inc() refuses values that are not numbers', ({ Gauge }) => {
  const gauge = new Gauge(config);
  for (const value of ['x', '5', null, true, 5n]) {
    const error = { name: 'TypeError', message: /^Delta is not a valid number: (x|5|null|true|5n)$/ };
    assert.throws(() => loose(gauge)['inc']!(value), error);
    assert.throws(() => loose(gauge)['inc']!({}, value), error);
    assert.throws(() => loose(gauge.labels())['inc']!(value), error);
  }
});

testBoth('dec() parses numbers in strings', async ({ Gauge }) => {
  const gauge = new Gauge(config);
  for (const value of ['5', '1.5', '', null, true]) loose(gauge)['dec']!(value);
  loose(gauge.labels())['dec']!('0.5');
  assert.equal((await gauge.get()).values[0]?.value, -8);
});

testBoth('setToCurrentTime() sets the Unix time in seconds', async ({ Gauge }) => {
  const now = mock.method(Date, 'now', () => 1_700_000_000_250);
  try {
    const gauge = new Gauge({ ...config, labelNames: ['a'] });
    gauge.setToCurrentTime();
    gauge.setToCurrentTime({ a: 'x' });
    gauge.labels('y').setToCurrentTime();
    const values = (await gauge.get()).values.map(({ value }) => value);
    assert.deepEqual(values, Array(3).fill(1_700_000_000.25));
  } finally {
    now.mock.restore();
  }
});

testBoth('startTimer() sets the seconds, with the labels of the start and the end', async ({ Gauge }) => {
  const times = [0, 1.5, 0, 2, 0, 3];
  const hrtime = mock.method(process, 'hrtime', () => {
    const seconds = times.shift()!;
    return [Math.floor(seconds), (seconds % 1) * 1e9];
  });
  try {
    const gauge = new Gauge({ ...config, labelNames: ['a', 'b'] });
    assert.equal(gauge.startTimer()(), 1.5);
    assert.equal(gauge.startTimer({ a: 'x', b: 'x' })({ b: 'y' }), 2);
    assert.equal(gauge.labels('x', 'x').startTimer()({ b: 'z' }), 3);
    assert.deepEqual((await gauge.get()).values, [
      { value: 1.5, labels: {} },
      { value: 2, labels: { a: 'x', b: 'y' } },
      { value: 3, labels: { a: 'x', b: 'z' } },
    ]);
  } finally {
    hrtime.mock.restore();
  }
});

testBoth('_getValue() returns the value of a series, or 0', ({ Gauge }) => {
  const gauge = new Gauge({ ...config, labelNames: ['a', 'b'] });
  gauge.set({ a: 'x', b: 1 }, 5);
  gauge.set(3);
  const getValue = loose(gauge)['_getValue']!.bind(gauge);
  assert.deepEqual([getValue({ a: 'x', b: '1' }), getValue(), getValue({}), getValue({ a: 'x' })], [5, 3, 3, 0]);
});

testBoth('reset() drops all series, and sets a gauge without labels to 0', async ({ Gauge }) => {
  const bare = new Gauge(config);
  const labelled = new Gauge({ ...config, labelNames: ['a'] });
  bare.set(3);
  labelled.set({ a: 'x' }, 3);
  bare.reset();
  labelled.reset();
  assert.deepEqual((await bare.get()).values, [{ value: 0, labels: {} }]);
  assert.deepEqual((await labelled.get()).values, []);
});

testBoth('a metric may set others in its collect()', async ({ Gauge, Registry }) => {
  const registers = [new Registry()];
  const all = { name: 'a', help: 'H', labelNames: ['x'], registers };
  const first = new Gauge({
    ...all,
    collect() {
      first.set({ x: '1' }, 1);
      second.set({ x: '2' }, 2);
    },
  });
  const second = new Gauge({ ...all, name: 'b' });
  const lines = (await registers[0]!.metrics()).split('\n').filter((line) => /^\w/.test(line));
  assert.deepEqual(lines, ['a{x="1"} 1', 'b{x="2"} 2']);
});
