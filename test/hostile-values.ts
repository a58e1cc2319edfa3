/** Hostile values that a program may throw or reject with. Each row creates a new value. */

export interface HostileValue {
  readonly what: string;
  readonly make: () => unknown;
}

function raise(): never {
  throw new Error('from within a thrown value');
}

/** An Error with some redefined properties. */
function errorWith(properties: PropertyDescriptorMap): Error {
  return Object.defineProperties(new Error('plain'), properties);
}

/** An Error with one accessor property. */
function errorWithGetter(name: string, get: () => unknown): Error {
  return errorWith({ [name]: { get, configurable: true } });
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** A proxy whose traps all throw. */
function trapped(target: object): object {
  return new Proxy(target, new Proxy({}, { get: () => raise }));
}

function cyclic(): Error {
  const error = new Error('cyclic');
  error.cause = error;
  return Object.assign(error, { self: error, errors: [error] });
}

/** An error whose message changes with each access. */
function changing(): Error {
  let reads = 0;
  return errorWithGetter('message', () => (reads++ === 0 ? 'the first time' : raise()));
}

class ThrowingMessage extends Error {
  override get message(): string {
    return raise();
  }
}

class MadeUpMessage extends Error {
  readonly #issues = ['made', 'up'];

  override get message(): string {
    return this.#issues.join(' ');
  }
}

function longChain(): object {
  let object: object = new Error('deep');
  for (let depth = 0; depth < 10_000; depth++) object = Object.create(object);
  return object;
}

/** Primitive values, objects that are not errors, and errors with unusual properties. */
export const hostileValues: readonly HostileValue[] = [
  { what: 'undefined', make: () => undefined },
  { what: 'null', make: () => null },
  { what: 'a number', make: () => 7 },
  { what: 'NaN', make: () => Number.NaN },
  { what: 'false', make: () => false },
  { what: 'an integer', make: () => 7n },
  { what: 'a huge integer', make: () => 1n << 1_000_000n },
  { what: 'a symbol', make: () => Symbol('thrown') },
  { what: 'an empty string', make: () => '' },
  { what: 'a huge string', make: () => 'x'.repeat(4_000_000) },
  { what: 'a string of control characters', make: () => '\u0000\u001b[31mred\r\nforged\u0085\u202e\u2028\ufffe' },
  { what: 'half a character', make: () => '\ud800' },
  { what: 'a function', make: () => () => raise() },
  { what: 'a class', make: () => class Thrown {} },
  { what: 'an array', make: () => [1, [2, [3]]] },
  { what: 'a plain object', make: () => ({ message: 'plain' }) },
  { what: 'an object without a prototype', make: () => Object.create(null) },
  { what: 'an object whose toString() throws', make: () => ({ toString: raise }) },
  { what: 'an object whose toString() returns an object', make: () => ({ toString: () => ({}) }) },
  { what: 'an object whose valueOf() throws', make: () => ({ valueOf: raise }) },
  { what: 'an object whose Symbol.toPrimitive throws', make: () => ({ [Symbol.toPrimitive]: raise }) },
  { what: 'an object whose toJSON() throws', make: () => ({ toJSON: raise }) },
  {
    what: 'an object whose Symbol.toStringTag throws',
    make: () => ({
      get [Symbol.toStringTag]() {
        return raise();
      },
    }),
  },
  {
    what: 'an object whose constructor throws',
    make: () => ({
      get constructor() {
        return raise();
      },
    }),
  },
  { what: 'an object whose then throws', make: () => Object.defineProperty({}, 'then', { get: raise }) },
  { what: 'an object with util.inspect.custom', make: () => ({ [Symbol.for('nodejs.util.inspect.custom')]: raise }) },
  { what: 'a proxy whose traps throw', make: () => trapped({}) },
  { what: 'a proxy of an error', make: () => new Proxy(new Error('behind a proxy'), {}) },
  { what: 'a proxy of an error whose traps throw', make: () => trapped(new Error('behind a proxy')) },
  { what: 'a proxy of a function whose traps throw', make: () => trapped(() => {}) },
  { what: 'a revoked proxy', make: () => revoked({}) },
  { what: 'a revoked proxy of an error', make: () => revoked(new Error('gone')) },
  { what: 'a revoked proxy of a function', make: () => revoked(() => {}) },
  { what: 'an object that inherits from a trapped proxy', make: () => Object.create(trapped(Error.prototype)) },
  { what: 'an object that inherits from a revoked proxy', make: () => Object.create(revoked({}) as object) },
  { what: 'an object with a long prototype chain', make: longChain },
  { what: 'an object that inherits from Error.prototype', make: () => Object.create(Error.prototype) },
  { what: 'an error without a message', make: () => new Error() },
  { what: 'an error whose message is a number', make: () => errorWith({ message: { value: 42 } }) },
  { what: 'an error whose message is an integer', make: () => errorWith({ message: { value: 42n } }) },
  { what: 'an error whose message is a symbol', make: () => errorWith({ message: { value: Symbol('message') } }) },
  { what: 'an error whose message is undefined', make: () => errorWith({ message: { value: undefined } }) },
  { what: 'an error whose message is null', make: () => errorWith({ message: { value: null } }) },
  { what: 'an error whose message is an object', make: () => errorWith({ message: { value: { toString: raise } } }) },
  { what: 'an error whose message is a function', make: () => errorWith({ message: { value: raise } }) },
  { what: 'an error whose message is a proxy', make: () => errorWith({ message: { value: trapped({}) } }) },
  { what: 'an error whose message is a huge string', make: () => new Error('x'.repeat(4_000_000)) },
  { what: 'an error whose message throws', make: () => errorWithGetter('message', raise) },
  { what: 'an error of a class whose message throws', make: () => new ThrowingMessage() },
  { what: 'an error whose message is made up', make: () => new MadeUpMessage() },
  { what: 'an error whose message is made up as a number', make: () => errorWithGetter('message', () => 42) },
  { what: 'an error whose message throws the second time', make: changing },
  { what: 'an error whose name throws', make: () => errorWithGetter('name', raise) },
  { what: 'an error whose name is a symbol', make: () => errorWith({ name: { value: Symbol('name') } }) },
  { what: 'an error whose name is an object', make: () => errorWith({ name: { value: { toString: raise } } }) },
  { what: 'an error whose stack throws', make: () => errorWithGetter('stack', raise) },
  { what: 'an error whose stack is a number', make: () => errorWith({ stack: { value: 42 } }) },
  { what: 'an error whose stack is an object', make: () => errorWith({ stack: { value: { toString: raise } } }) },
  { what: 'an error whose code throws', make: () => errorWithGetter('code', raise) },
  { what: 'an error whose code is an object', make: () => errorWith({ code: { value: { toString: raise } } }) },
  { what: 'an error whose cause throws', make: () => errorWithGetter('cause', raise) },
  { what: 'an error whose toString() throws', make: () => errorWith({ toString: { value: raise } }) },
  { what: 'an error whose toJSON() throws', make: () => errorWith({ toJSON: { value: raise } }) },
  { what: 'an error whose constructor throws', make: () => errorWithGetter('constructor', raise) },
  { what: 'an error whose then throws', make: () => errorWithGetter('then', raise) },
  { what: 'an error that is frozen', make: () => Object.freeze(new Error('frozen')) },
  { what: 'an error without a prototype', make: () => Object.setPrototypeOf(new Error('bare'), null) },
  { what: 'an error that is its own cause', make: cyclic },
  { what: 'an error of errors', make: () => new AggregateError([cyclic(), null, trapped({})], '') },
  { what: 'an error of the platform', make: () => new DOMException('late', 'TimeoutError') },
];

/** Functions that throw each of the values, or reject with it. */
export const hostileFunctions: readonly { readonly what: string; readonly fn: () => unknown }[] = [
  ...hostileValues.flatMap(({ what, make }) => [
    {
      what: `throws ${what}`,
      fn: () => {
        throw make();
      },
    },
    { what: `rejects with ${what}`, fn: () => Promise.reject(make()) },
  ]),
  { what: 'returns a thenable whose then throws', fn: () => Object.defineProperty({}, 'then', { get: raise }) },
  { what: 'returns a thenable that throws', fn: () => Object.defineProperty({}, 'then', { value: raise }) },
  { what: 'returns a promise whose constructor throws', fn: () => promiseWith('constructor', Promise.resolve()) },
  { what: 'returns a promise whose then throws', fn: () => promiseWith('then', Promise.reject(new Error('no'))) },
  { what: 'returns a promise whose catch throws', fn: () => promiseWith('catch', Promise.reject(new Error('no'))) },
  { what: 'returns a proxy whose traps throw', fn: () => trapped({}) },
  { what: 'returns a revoked proxy', fn: () => revoked({}) },
];

function promiseWith(name: string, promise: Promise<unknown>): Promise<unknown> {
  return Object.defineProperty(promise, name, { get: raise });
}
