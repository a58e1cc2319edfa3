import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter } from '../../src/index.ts';
import { renderMetric, sampleValue } from '../../src/testing/index.ts';

function errors(): Counter {
  return new Counter({ name: 'errors_total', help: 'Errors.', registry: null });
}

test('a counter never decreases, and a rejected call changes nothing', async () => {
  const counter = errors();
  counter.inc(2);
  for (const value of [-1, -0.5, Number.NaN, Number.NEGATIVE_INFINITY])
    assert.throws(() => counter.inc(value), RangeError);
  assert.equal(await sampleValue(counter, 'errors_total'), 2);
});

test('inc() adds 1, inc(v) adds v', async () => {
  const counter = errors();
  counter.inc();
  counter.inc(2.5);
  counter.inc(0);
  assert.equal(await sampleValue(counter, 'errors_total'), 3.5);
});

test('a counter starts at 0', async () => {
  assert.match(await renderMetric(errors()), /^errors_total 0$/m);
});

test('errors of a block are counted and rethrown, optionally only some kinds', async () => {
  const counter = errors();
  const fail = (error: Error) => () => {
    throw error;
  };
  const isTypeError = (error: unknown) => error instanceof TypeError;
  assert.throws(() => counter.countErrors(fail(new Error('sync'))), new Error('sync'));
  await assert.rejects(
    counter.countErrors(async () => fail(new Error('later'))()),
    new Error('later'),
  );
  assert.throws(() => counter.countErrors(fail(new Error('other')), isTypeError), new Error('other'));
  assert.throws(() => counter.countErrors(fail(new TypeError('type')), isTypeError), new TypeError('type'));
  assert.equal(
    counter.countErrors(() => 'fine'),
    'fine',
  );
  assert.equal(await sampleValue(counter, 'errors_total'), 3);
});
