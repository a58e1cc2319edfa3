import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { asError, readThrown, thrownStack, thrownText } from '../../src/model/thrown.ts';
import { hostileValues } from '../hostile-values.ts';

/** Characters that move the cursor, end a line or change the direction of text. */
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

for (const { what, make } of hostileValues) {
  suite(what, () => {
    test('has a short text on one line that is safe to show', () => {
      const text = thrownText(make());
      assert.equal(typeof text, 'string');
      assert.ok(text.length > 0 && text.length < 6100, `${text.length} characters`);
      assert.doesNotMatch(text, UNSAFE);
    });

    test('has a stack that is safe to show', () => {
      const stack = thrownStack(make());
      assert.ok(stack.length > 0 && stack.length < 61_000, `${stack.length} characters`);
      assert.doesNotMatch(stack.replaceAll('\n', ''), UNSAFE);
    });

    test('becomes an Error whose message is a string', () => {
      const value = make();
      const error = asError(value);
      assert.ok(error instanceof Error);
      for (const _again of [1, 2]) assert.equal(typeof error.message, 'string');
      if (error !== value && Object(value) === value) assert.equal(error.cause, value);
    });
  });
}

const texts: readonly (readonly [thrown: unknown, text: string])[] = [
  [new Error('broken'), 'broken'],
  ['broken', 'broken'],
  [undefined, 'undefined'],
  [null, 'null'],
  [-7n, '-7'],
  [Symbol('s'), 'Symbol(s)'],
  [{ message: 'plain' }, 'plain'],
  [{}, 'a thrown object'],
  [() => {}, 'a thrown function'],
  [new TypeError(), 'TypeError'],
  [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'AggregateError (ECONNREFUSED)'],
  [Object.assign(new Error(), { message: 42 }), '42'],
  [new DOMException('late', 'TimeoutError'), 'late'],
  ['a\nb\u001b[0m\u202e', 'a\\nb\\u001b[0m\\u202e'],
  ['x'.repeat(2000), `${'x'.repeat(1000)}…`],
  [runInNewContext('new TypeError("elsewhere")'), 'elsewhere'],
];

for (const [thrown, text] of texts) {
  test(`the text of a thrown value is ${text.slice(0, 30)}`, () => assert.equal(thrownText(thrown), text));
}

/** An error that counts the calls of its accessors and methods. */
function watched() {
  let runs = 0;
  const run = () => String(++runs);
  const get = { get: run, configurable: true };
  const error = Object.defineProperties(new Error('plain'), {
    ...Object.fromEntries(['stack', 'message', 'name', 'code', 'cause', 'config', 'toJSON'].map((name) => [name, get])),
    toString: { value: run },
    [Symbol.toPrimitive]: { value: run },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: run },
  });
  return { error, runs: () => runs };
}

test('no code of a value runs when its text is created', () => {
  const { error, runs } = watched();
  thrownText(error);
  thrownStack(error);
  assert.equal(runs(), 0);
});

test('no trap of a proxy runs when its text is created', () => {
  let traps = 0;
  const handler = new Proxy({}, { get: () => void traps++ });
  const proxy = new Proxy(new Error('behind'), handler);
  for (const value of [proxy, Object.create(proxy), Object.setPrototypeOf(new Error('x'), proxy)]) {
    thrownText(value);
    thrownStack(value);
  }
  assert.equal(traps, 0);
});

test('the stack is not created if that would call a getter of the name', () => {
  let calls = 0;
  class Counting extends Error {
    override get name(): string {
      calls++;
      return 'Counting';
    }
  }
  assert.equal(thrownStack(new Counting('counted')), 'counted');
  assert.equal(calls, 0);
});

test('a stack keeps its lines, including that of a platform error', () => {
  for (const error of [new TypeError('broken'), new DOMException('broken', 'AbortError')]) {
    assert.match(thrownStack(error), /^\w+: broken\n {4}at /);
  }
});

test('a computed message of an error is read once, when the error is caught', () => {
  let calls = 0;
  class Issues extends Error {
    override get message(): string {
      return `issues ${++calls}`;
    }
  }
  const issues = new Issues();
  const error = asError(issues);
  assert.equal(error.cause, issues);
  assert.equal(thrownText(error), 'issues 1');
  assert.equal(calls, 1);
});

test('a valid error is returned unchanged, regardless of its other properties', () => {
  const error = Object.assign(new RangeError('broken'), { name: Symbol('name'), code: 7, toJSON: () => 'secret' });
  assert.equal(asError(error), error);
  assert.deepEqual(Object.keys(readThrown(error)), ['name', 'message', 'code', 'stack']);
  assert.equal(readThrown(error).code, '7');
});

test('a polluted Object.prototype changes no text', (t) => {
  const polluted = ['message', 'value', 'name', 'code'];
  const descriptor = Object.assign(Object.create(null), { value: 'polluted', configurable: true });
  t.after(() => {
    for (const name of polluted) Reflect.deleteProperty(Object.prototype, name);
  });
  for (const name of polluted) Object.defineProperty(Object.prototype, name, descriptor);
  assert.equal(thrownText(new Error('broken')), 'broken');
  assert.equal(thrownText('broken'), 'broken');
});
