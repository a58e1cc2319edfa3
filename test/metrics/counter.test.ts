import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Registry } from '../../src/index.ts';

test('a counter without labels starts at 0', async () => {
  const registry = new Registry();
  new Counter({ name: 'errors_total', help: 'Errors.', registry });
  assert.equal(await registry.expose(), '# HELP errors_total Errors.\n# TYPE errors_total counter\nerrors_total 0\n');
});

test('inc() adds one, or what it is given', async () => {
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
      new RangeError(`Counter errors_total cannot go down or beyond all numbers: inc(${value}).`),
    );
    assert.match(await registry.expose(), /^errors_total 7$/m);
  });
}

test('inc() takes nothing but numbers', () => {
  const errors = new Counter({ name: 'errors_total', help: 'Errors.', registry: null });
  // @ts-expect-error a text is no number
  assert.throws(() => errors.inc('5'), new TypeError('Counter errors_total takes a number, not string.'));
});

test('labels come with the call or once for a child', async () => {
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

test('labels() alone shows the child at 0', async () => {
  const registry = new Registry();
  new Counter({ name: 'requests_total', help: '', labelNames: ['method'], registry }).labels('GET');
  assert.match(await registry.expose(), /^requests_total\{method="GET"\} 0$/m);
});

test('a metric with labels and no children is not shown', async () => {
  const registry = new Registry();
  new Counter({ name: 'requests_total', help: '', labelNames: ['method'], registry });
  assert.equal(await registry.expose(), '');
});

test('reset() puts children back to 0 and keeps them', async () => {
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
