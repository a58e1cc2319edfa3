/** Functions that throw or reject with any value: the metric counts, and the caller gets the same result or error as without it. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Counter, Gauge, Histogram, type Labels, Registry } from '../../src/index.ts';
import { hostileFunctions, hostileValues } from '../hostile-values.ts';

/** Waits for a result if it is a promise. */
async function settle(result: unknown): Promise<void> {
  try {
    await result;
  } catch {
    // The result of the function.
  }
}

for (const { what, fn } of hostileFunctions) {
  test(`a function that ${what} is counted, timed and no longer in progress`, async () => {
    const registry = new Registry();
    const errors = new Counter({ name: 'errors_total', help: 'Errors.', registry });
    const running = new Gauge({ name: 'running', help: 'Running.', registry });
    const seconds = new Histogram({ name: 'x_seconds', help: 'Durations.', registry });
    for (const call of [() => errors.countErrors(fn), () => running.trackInProgress(fn), () => seconds.time(fn)]) {
      try {
        await settle(call());
      } catch {
        // The value that the function threw.
      }
    }
    await new Promise((resolve) => setImmediate(resolve));
    const page = await registry.expose();
    assert.match(page, /^errors_total 1$/m);
    assert.match(page, /^running 0$/m);
    assert.match(page, /^x_seconds_count 1$/m);
  });

  test(`a logger that ${what} does not prevent new series`, async () => {
    const warn = fn as () => void;
    const logger = { debug: warn, info: warn, warn, error: warn };
    const many = new Counter({
      name: 'many_total',
      help: 'Many.',
      labelNames: ['x'],
      maxSeries: 1,
      logger,
      registry: null,
    });
    for (const x of ['a', 'b', 'c']) many.inc({ x });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(many.losses.overflowed, 2);
  });
}

suite('sources of exemplars', () => {
  for (const { what, make } of hostileValues) {
    test(`${what}, thrown or returned, does not affect the update`, async () => {
      const sources = [
        () => {
          throw make();
        },
        () => make() as Labels,
        () => ({ trace_id: make() }) as Labels,
      ];
      for (const exemplarSource of sources) {
        const registry = new Registry();
        const errors = new Counter({ name: 'errors_total', help: 'Errors.', registry, exemplarSource });
        const seconds = new Histogram({ name: 'x_seconds', help: 'Durations.', registry, exemplarSource });
        errors.inc();
        errors.inc(1, { user: 'x' });
        seconds.observe(1);
        assert.match(await registry.expose(), /^errors_total 2$/m);
      }
    });
  }
});
