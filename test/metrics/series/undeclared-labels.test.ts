/**
 * The labels of a call are exactly the own enumerable properties of the object, whether the series exists already or
 * not, in every call and with any number of labels.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Counter } from '../../../src/index.ts';
import { quietRegistry, samples } from '../exposed-samples.ts';

type Labels = Record<string, string>;

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
/** No labels, and each number of labels with its own look-up: one, two, three, and more. */
const WIDTHS = [1, 2, 3, 4, 6];

function named(width: number): Labels {
  return Object.fromEntries(NAMES.slice(0, width).map((name) => [name, `${name}1`]));
}

class WithFields {
  constructor(labels: Labels) {
    Object.assign(this, labels);
  }

  method(): void {}

  get getter(): string {
    return 'no label';
  }
}

/** An object that has some of the labels as getters of its class only. */
function withGetters(own: Labels, inherited: Labels): object {
  class WithGetters {}
  for (const [name, value] of Object.entries(inherited)) {
    Object.defineProperty(WithGetters.prototype, name, { get: () => value });
  }
  return Object.assign(new WithGetters(), own);
}

function split(labels: Labels): [first: Labels, others: Labels] {
  const [first = ['', ''], ...others] = Object.entries(labels);
  return [Object.fromEntries([first]), Object.fromEntries(others)];
}

/** Objects with exactly the declared labels. */
const accepted: readonly [what: string, make: (labels: Labels) => object][] = [
  ['a literal', (labels) => ({ ...labels })],
  ['the other order', (labels) => Object.fromEntries(Object.entries(labels).reverse())],
  ['no prototype', (labels) => Object.assign(Object.create(null), labels)],
  ['an instance of a class with methods and getters', (labels) => new WithFields(labels)],
  ['a frozen object', (labels) => Object.freeze({ ...labels })],
  ['getters of its own', (labels) => withOwnGetters(labels)],
  ['a symbol beside them', (labels) => ({ ...labels, [Symbol('s')]: 'x' })],
  ['a property that is not enumerable beside them', (labels) => hidden({ ...labels }, 'hidden')],
  ['an inherited property beside them', (labels) => Object.assign(Object.create({ inherited: 'x' }), labels)],
  ['a proxy', (labels) => new Proxy({ ...labels }, {})],
  ['properties that were deleted', (labels) => deleted({ ...labels, gone: 'x' }, 'gone')],
];

function withOwnGetters(labels: Labels): object {
  const getters = Object.entries(labels).map(([name, value]) => [name, { get: () => value, enumerable: true }]);
  return Object.defineProperties({}, Object.fromEntries(getters));
}

function hidden(object: object, name: string): object {
  return Object.defineProperty(object, name, { value: 'x', enumerable: false });
}

function deleted(object: Labels, name: string): object {
  delete object[name];
  return object;
}

/** Objects with additional labels, or with a missing one. */
const refused: readonly [what: string, make: (labels: Labels) => object, message: RegExp][] = [
  ['one more', (labels) => ({ ...labels, extra: 'x' }), /^\w+ has no label extra; it has /],
  ['one more, in front', (labels) => ({ extra: 'x', ...labels }), /has no label extra/],
  ['many more', (labels) => ({ ...labels, ...many(100) }), /has no label extra0/],
  ['one more that is undefined', (labels) => ({ ...labels, extra: undefined }), /has no label extra/],
  ['one more that is null', (labels) => ({ ...labels, extra: null }), /has no label extra/],
  ['one more that is a function', (labels) => ({ ...labels, extra: () => {} }), /has no label extra/],
  ['one more with an empty name', (labels) => ({ ...labels, '': 'x' }), /has no label ;/],
  ['one more with an index for a name', (labels) => ({ ...labels, 0: 'x' }), /has no label 0/],
  ['one more named __proto__', (labels) => JSON.parse(JSON.stringify({ ...labels }).replace('{', '{"__proto__":"x",')), /has no label __proto__/], // biome-ignore format: a table
  ['one more in an object without prototype', (labels) => Object.assign(Object.create(null), labels, { extra: 'x' }), /has no label extra/], // biome-ignore format: a table
  ['one more field of a class', (labels) => new WithFields({ ...labels, extra: 'x' }), /has no label extra/],
  ['one more in a proxy', (labels) => new Proxy({ ...labels, extra: 'x' }, {}), /has no label extra/],
  ['one in place of another', (labels) => ({ ...split(labels)[1], extra: 'x' }), /label a is missing/],
  ['one that is missing', (labels) => split(labels)[1], /label a is missing/],
  ['one that is inherited', (labels) => Object.assign(Object.create(split(labels)[0]), split(labels)[1]), /label a is missing/], // biome-ignore format: a table
  ['all inherited', (labels) => Object.create(labels), /label a is missing/],
  ['one that is inherited, and one more', (labels) => Object.assign(Object.create(split(labels)[0]), split(labels)[1], { extra: 'x' }), /label a is missing/], // biome-ignore format: a table
  ['one that is a getter of the class', (labels) => withGetters(split(labels)[1], split(labels)[0]), /label a is missing/], // biome-ignore format: a table
  ['one that is not enumerable', (labels) => hidden(split(labels)[1], 'a'), /label a is missing/],
  ['a list', (labels) => Object.values(labels), /label a is missing/],
  ['a Map', (labels) => new Map(Object.entries(labels)), /label a is missing/],
];

function many(count: number): Labels {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`extra${index}`, 'x']));
}

for (const width of WIDTHS) {
  for (const [what, make] of accepted) {
    test(`${width} labels are accepted from ${what}, for a new and for an existing series`, async () => {
      const registry = quietRegistry();
      const counter = new Counter({ name: 'c_total', help: '', labelNames: NAMES.slice(0, width), registry });
      for (let count = 0; count < 3; count++) counter.inc(make(named(width)) as Labels);
      const [line, ...others] = await samples(registry);
      assert.match(line ?? '', /^c_total\{.*\} 3$/);
      assert.deepEqual(others, []);
    });
  }

  for (const [what, make, message] of refused) {
    test(`${width} labels are refused: ${what}`, async () => {
      const registry = quietRegistry();
      const counter = new Counter({ name: 'c_total', help: '', labelNames: NAMES.slice(0, width), registry });
      const inc = () => counter.inc(make(named(width)) as Labels);
      assert.throws(inc, { name: 'TypeError', message }, 'while there is no series');
      counter.inc(named(width));
      const before = await samples(registry);
      for (let count = 0; count < 3; count++) assert.throws(inc, { name: 'TypeError', message });
      assert.deepEqual(await samples(registry), before);
    });
  }
}

for (const width of WIDTHS) {
  test(`properties of a polluted Object.prototype neither count as one of ${width} labels nor disturb them`, async (t) => {
    const registry = quietRegistry();
    const counter = new Counter({ name: 'c_total', help: '', labelNames: NAMES.slice(0, width), registry });
    counter.inc(named(width));
    pollute(t, { a: 'a1', unrelated: 'x' });
    counter.inc(named(width));
    assert.throws(() => counter.inc(split(named(width))[1]), { message: 'c_total: label a is missing.' });
    assert.throws(() => counter.inc({ ...named(width), extra: 'x' }), { message: /has no label extra/ });
    assert.equal(counter.remove(named(width)), true);
    counter.inc(named(width));
    assert.match((await samples(registry)).join(), /^c_total\{[^,]*(,[^,]*){0,5}\} 1$/);
  });
}

function pollute(t: TestContext, properties: Labels): void {
  Object.assign(Object.prototype, properties);
  t.after(() => {
    for (const name of Object.keys(properties)) Reflect.deleteProperty(Object.prototype, name);
  });
}
