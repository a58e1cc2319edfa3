import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Registry } from '../../src/index.ts';

function counterOf(labelNames: readonly string[], registry: Registry | null = null) {
  return new Counter({ name: 'c_total', help: 'Help.', labelNames, registry });
}

const refusedNames: readonly [names: readonly string[], message: RegExp][] = [
  [['__proto__'], /starts with __/],
  [['__x'], /starts with __/],
  [[''], /invalid label name/],
  [['a', 'a'], /duplicate label name "a"/],
];

for (const [names, message] of refusedNames) {
  test(`label names ${JSON.stringify(names)} are refused`, () => {
    assert.throws(() => counterOf(names), { name: 'RangeError', message });
  });
}

test('a label may be named constructor', async () => {
  const registry = new Registry();
  const counter = counterOf(['constructor', 'toString'], registry);
  counter.inc({ constructor: 'a', toString: 'b' });
  assert.match(await registry.expose(), /^c_total\{constructor="a",toString="b"\} 1$/m);
  assert.throws(() => counter.inc({}), new TypeError('c_total: label constructor is missing.'));
});

test('values that contain separators do not collide', async () => {
  const registry = new Registry();
  const counter = counterOf(['x', 'y'], registry);
  counter.inc({ x: 'a|', y: 'b' });
  counter.inc({ x: 'a', y: '|b' });
  counter.inc({ x: 'a,b', y: 'c' });
  counter.inc({ x: 'a', y: 'b,c' });
  counter.inc({ x: '__proto__', y: '' });
  assert.equal((await registry.expose()).match(/ 1$/gm)?.length, 5);
});

test('a number or boolean and its string are one series', async () => {
  const registry = new Registry();
  const counter = counterOf(['code', 'cached'], registry);
  counter.inc({ code: 200, cached: true });
  counter.inc({ code: '200', cached: 'true' });
  counter.inc({ code: 200, cached: true });
  assert.match(await registry.expose(), /^c_total\{code="200",cached="true"\} 3$/m);
});

test('lone surrogates become U+FFFD, in one series', async () => {
  const registry = new Registry();
  const counter = counterOf(['x'], registry);
  counter.inc({ x: '\ud800' });
  counter.inc({ x: '\udfff' });
  assert.match(await registry.expose(), /^c_total\{x="\ufffd"\} 2$/m);
});

test('the object with the labels is not kept', async () => {
  const registry = new Registry();
  const counter = counterOf(['x'], registry);
  const labels = { x: 'a' };
  counter.inc(labels);
  labels.x = 'b';
  counter.inc(labels);
  assert.match(await registry.expose(), /^c_total\{x="a"\} 1\nc_total\{x="b"\} 1$/m);
});

const wrong: readonly [labels: unknown, message: string][] = [
  [{ x: 'a' }, 'c_total: label y is missing.'],
  [{ x: 'a', y: 'b', z: 'c' }, 'c_total has no label z; it has x, y.'],
  [{ x: 'a', y: null }, 'c_total: label y must be a string, number or boolean, got null.'],
  [{ x: 'a', y: undefined }, 'c_total: label y must be a string, number or boolean, got undefined.'],
  [{ x: 'a', y: {} }, 'c_total: label y must be a string, number or boolean, got object.'],
  [{ x: 'a', y: Symbol('s') }, 'c_total: label y must be a string, number or boolean, got symbol.'],
  [null, 'c_total: labels must be an object with x, y, got null.'],
  [undefined, 'c_total: labels must be an object with x, y, got undefined.'],
];

for (const [labels, message] of wrong) {
  test(`labels are refused: ${message}`, async () => {
    const registry = new Registry();
    const counter = counterOf(['x', 'y'], registry);
    // @ts-expect-error wrong on purpose
    assert.throws(() => counter.inc(labels), new TypeError(message));
    assert.equal(await registry.expose(), '');
  });
}

test('too few or too many values by position are refused', () => {
  const counter = counterOf(['x', 'y']);
  assert.throws(() => counter.labels('a'), new TypeError('c_total has 2 labels (x, y), got 1 values.'));
  assert.throws(() => counter.labels('a', 'b', 'c'), /got 3 values/);
});

test('a metric without labels accepts no labels', () => {
  const counter = new Counter({ name: 'c_total', help: 'Help.', registry: null });
  // @ts-expect-error it has no labels
  assert.throws(() => counter.inc({ x: 'a' }), TypeError);
  // @ts-expect-error it has no labels
  assert.throws(() => counter.inc({}), new TypeError('c_total has no labels.'));
});

test('values outside a closed list are refused', () => {
  const labelNames = { method: ['GET', 'POST'], code: Number } as const;
  const counter = new Counter({ name: 'c_total', help: 'Help.', labelNames, registry: null });
  counter.inc({ method: 'GET', code: 200 });
  assert.throws(
    // @ts-expect-error PUT is not in the list
    () => counter.inc({ method: 'PUT', code: 200 }),
    new RangeError('c_total: label method must be one of GET, POST, got "PUT".'),
  );
});

test('a metric may have forty labels', async () => {
  const registry = new Registry();
  const names = Array.from({ length: 40 }, (_, index) => `label_${index}`);
  counterOf(names, registry).inc(Object.fromEntries(names.map((name) => [name, name])));
  assert.match(await registry.expose(), /label_39="label_39"\} 1$/m);
});

test('ten thousand series are found again, also after most are removed', async () => {
  const registry = new Registry();
  const counter = counterOf(['x', 'y'], registry);
  const at = (index: number) => ({ x: index % 100, y: Math.floor(index / 100) });
  const kept = counter.labels(at(7));
  for (let index = 0; index < 10_000; index++) counter.inc(at(index), index);
  for (let index = 0; index < 10_000; index++) if (index % 100 !== 7) counter.remove(at(index));
  for (let index = 7; index < 10_000; index += 100) counter.inc(at(index));
  kept.inc(1000);
  const lines = (await registry.expose()).split('\n').slice(2, -1);
  assert.equal(lines.length, 100);
  assert.equal(lines[0], 'c_total{x="7",y="0"} 1008');
  assert.equal(lines[99], 'c_total{x="7",y="99"} 9908');
});
