import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Registry } from '../../src/index.ts';
import { quietRegistry, samples } from './exposed-samples.ts';

test('a counter without labels starts at 0', async () => {
  const registry = new Registry();
  new Counter({ name: 'errors_total', help: 'Errors.', registry });
  assert.equal(await registry.expose(), '# HELP errors_total Errors.\n# TYPE errors_total counter\nerrors_total 0\n');
});

test('inc() adds 1 or its argument', async () => {
  const registry = new Registry();
  const errors = new Counter({ name: 'errors_total', help: 'Errors.', registry });
  errors.inc();
  errors.inc(2.5);
  errors.inc(0);
  assert.match(await registry.expose(), /^errors_total 3.5$/m);
});

for (const value of [-1, -0.5, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN]) {
  test(`inc(${value}) is refused and changes nothing`, async () => {
    const registry = new Registry();
    const errors = new Counter({ name: 'errors_total', help: 'Errors.', registry });
    errors.inc(7);
    assert.throws(
      () => errors.inc(value),
      new RangeError(`Counter errors_total can only be increased by a finite number of at least 0, got inc(${value}).`),
    );
    assert.match(await registry.expose(), /^errors_total 7$/m);
  });
}

test('inc() accepts only numbers', () => {
  const errors = new Counter({ name: 'errors_total', help: 'Errors.', registry: null });
  // @ts-expect-error a string is not a number
  assert.throws(() => errors.inc('5'), new TypeError('Counter errors_total: inc() takes a number, got string.'));
});

test('labels are passed with the call or once for a child', async () => {
  const registry = new Registry();
  const requests = new Counter({ name: 'requests_total', help: '', labelNames: ['method', 'code'], registry });
  requests.inc({ method: 'GET', code: 200 });
  requests.inc({ code: '200', method: 'GET' }, 2);
  requests.labels({ method: 'GET', code: '200' }).inc(3);
  requests.labels('GET', '200').inc(4);
  requests.labels('GET', 200).inc(5);
  assert.match(await registry.expose(), /^requests_total\{method="GET",code="200"\} 15$/m);
});

test('labels() returns the same child each time', () => {
  const requests = new Counter({ name: 'requests_total', help: '', labelNames: ['method'], registry: null });
  assert.equal(requests.labels('GET'), requests.labels({ method: 'GET' }));
});

test('a child is exposed at 0 after a call of labels()', async () => {
  const registry = new Registry();
  new Counter({ name: 'requests_total', help: '', labelNames: ['method'], registry }).labels('GET');
  assert.match(await registry.expose(), /^requests_total\{method="GET"\} 0$/m);
});

test('a metric with labels and no children is not shown', async () => {
  const registry = new Registry();
  new Counter({ name: 'requests_total', help: '', labelNames: ['method'], registry });
  assert.equal(await registry.expose(), '');
});

test('reset() sets children to 0 and keeps them', async () => {
  const registry = new Registry();
  const requests = new Counter({ name: 'requests_total', help: '', labelNames: ['method'], registry });
  requests.inc({ method: 'GET' }, 5);
  requests.reset();
  assert.match(await registry.expose(), /^requests_total\{method="GET"\} 0$/m);
});

test('a removed child keeps working and is not exported', async () => {
  const registry = new Registry();
  const requests = new Counter({ name: 'requests_total', help: '', labelNames: ['method'], registry });
  const old = requests.labels('GET');
  old.inc(5);
  assert.equal(requests.remove('GET'), true);
  assert.equal(requests.remove({ method: 'GET' }), false);
  old.inc(5);
  requests.labels('GET').inc(1);
  old.inc(5);
  assert.match(await registry.expose(), /^requests_total\{method="GET"\} 1$/m);
});

test('clear() drops the children of a metric with labels and zeroes one without', async () => {
  const registry = new Registry();
  const requests = new Counter({ name: 'requests_total', help: '', labelNames: ['method'], registry });
  const errors = new Counter({ name: 'errors_total', help: '', registry });
  requests.inc({ method: 'GET' });
  errors.inc();
  requests.clear();
  errors.clear();
  assert.equal(await registry.expose(), '# TYPE errors_total counter\nerrors_total 0\n');
});

test('constant labels come first', async () => {
  const registry = new Registry();
  const options = {
    name: 'requests_total',
    help: '',
    labelNames: ['method'],
    constLabels: { zone: 'a"b' },
    registry,
  } as const;
  new Counter(options).inc({ method: 'GET' });
  assert.match(await registry.expose(), /^requests_total\{zone="a\\"b",method="GET"\} 1$/m);
});

function errorsIn(registry: Registry | null) {
  return new Counter({ name: 'errors_total', help: 'Errors.', registry });
}

test('incTo() follows an external counter, even if that restarts from zero', async () => {
  const registry = quietRegistry();
  const errors = errorsIn(registry);
  const shown: string[] = [];
  for (const total of [5, 5, 8, 2, 0, 1]) {
    errors.incTo(total);
    shown.push(...(await samples(registry)));
  }
  assert.deepEqual(shown, [
    'errors_total 5',
    'errors_total 5',
    'errors_total 8',
    'errors_total 10',
    'errors_total 10',
    'errors_total 11',
  ]);
});

test('incTo() follows each series separately, and independently of inc()', async () => {
  const registry = quietRegistry();
  const packets = new Counter({ name: 'packets_total', help: '', labelNames: ['device'], registry });
  packets.incTo({ device: 'a' }, 10);
  packets.labels('b').incTo(3);
  packets.inc({ device: 'a' });
  packets.incTo({ device: 'a' }, 12);
  packets.curry({ device: 'b' }).incTo(4);
  assert.deepEqual(await samples(registry), ['packets_total{device="a"} 13', 'packets_total{device="b"} 4']);
});

for (const total of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`incTo(${total}) is refused and changes nothing`, async () => {
    const registry = quietRegistry();
    const errors = errorsIn(registry);
    errors.incTo(4);
    const message = `Counter errors_total can only be increased by a finite number of at least 0, got incTo(${total}).`;
    assert.throws(() => errors.incTo(total), new RangeError(message));
    errors.incTo(5);
    assert.deepEqual(await samples(registry), ['errors_total 5']);
  });
}

test('incTo() accepts only numbers', () => {
  const errors = errorsIn(null);
  // @ts-expect-error a string is not a number
  const text = () => errors.incTo('5');
  // @ts-expect-error undefined is not a number
  const nothing = () => errors.incTo();
  assert.throws(text, new TypeError('Counter errors_total: incTo() takes a number, got string.'));
  assert.throws(nothing, new TypeError('Counter errors_total: incTo() takes a number, got undefined.'));
});

test('countErrors() counts and passes on errors and rejections, and returns results', async () => {
  const registry = quietRegistry();
  const errors = errorsIn(registry);
  const error = new Error('from inside');
  assert.equal(
    errors.countErrors(() => 5),
    5,
  );
  assert.equal(await errors.countErrors(async () => 6), 6);
  assert.deepEqual(await samples(registry), ['errors_total 0']);
  const thrower = () => {
    throw error;
  };
  assert.throws(() => errors.countErrors(thrower), error);
  await assert.rejects(
    errors.countErrors(() => Promise.reject(error)),
    error,
  );
  assert.deepEqual(await samples(registry), ['errors_total 2']);
});

test('countErrors() counts only errors that its filter accepts', async () => {
  const registry = quietRegistry();
  const errors = new Counter({ name: 'errors_total', help: '', labelNames: ['x'], registry });
  const isRange = (error: unknown) => error instanceof RangeError;
  for (const error of [new RangeError('counted'), new TypeError('not counted')]) {
    await assert.rejects(
      errors.countErrors({ x: 'a' }, () => Promise.reject(error), isRange),
      error,
    );
    const thrower = () => {
      throw error;
    };
    assert.throws(() => errors.labels('a').countErrors(thrower, isRange), error);
  }
  assert.deepEqual(await samples(registry), ['errors_total{x="a"} 2']);
});

test('if a filter fails, the error is passed on and not counted', async () => {
  const registry = quietRegistry();
  const error = new Error('from inside');
  const failing = () => {
    throw new Error('from the filter');
  };
  await assert.rejects(
    errorsIn(registry).countErrors(() => Promise.reject(error), failing),
    error,
  );
  assert.deepEqual(await samples(registry), ['errors_total 0']);
});

test('countErrors() requires a function', () => {
  // @ts-expect-error wrong on purpose
  const wrong = () => errorsIn(null).labels().countErrors(5);
  assert.throws(wrong, new TypeError('Expected a function to call, got number.'));
});
