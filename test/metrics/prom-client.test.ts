/** The same traffic on prom-client exposes the same samples, except for defects of prom-client. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import prom from 'prom-client';
import { Counter, Gauge, Histogram, Summary } from '../../src/index.ts';
import { quietRegistry } from './exposed-samples.ts';

// prom-client has defects with joined keys, incomplete labels, NaN, and resets of metrics without labels.
const labels = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  code: fc.constantFrom(200, 404, '500', '"quoted"', 'back\\slash', 'new\nline', 'ü😀'),
});
const added = fc.oneof(fc.nat(1000), fc.double({ min: 0, max: 1e9, noNaN: true }));
const any = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(1, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
/** Both libraries add these in the same order, so their sums are equal to the last digit. */
const finite = fc.oneof(fc.integer({ min: -10, max: 10 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));

function traffic<T>(value: fc.Arbitrary<T>) {
  return fc.array(fc.tuple(labels, value, fc.nat(9)), { maxLength: 60, size: 'max' });
}

/** Samples by name and labels; the order of series differs between the clients. */
function parsed(exposition: string): Map<string, number> {
  const lines = exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [sortedLabels(line.slice(0, space)), Number(line.slice(space + 1).replace('Inf', 'Infinity'))];
    }),
  );
}

/** Sorts labels, whose order differs between the clients: `le` comes first in one, last in the other. */
function sortedLabels(series: string): string {
  const [name = series] = series.split('{');
  return name + (series.match(/[a-z]+="(?:[^"\\]|\\.)*"/g) ?? []).sort().join(',');
}

const options = { help: 'Help.', labelNames: ['method', 'code'] as const };

test('counters', async () => {
  await fc.assert(
    fc.asyncProperty(traffic(added), async (calls) => {
      const registry = quietRegistry();
      const theirRegistry = new prom.Registry();
      const ours = new Counter({ ...options, name: 'c_total', registry });
      const theirs = new prom.Counter({ ...options, name: 'c_total', registers: [theirRegistry] });
      for (const [given, value, action] of calls) {
        if (action === 0) {
          ours.remove(given);
          theirs.remove(given);
        } else if (action < 5) {
          ours.inc(given, value);
          theirs.inc(given, value);
        } else {
          ours.labels(given.method, given.code).inc(value);
          theirs.labels(given.method, String(given.code)).inc(value);
        }
      }
      assert.deepEqual(sorted(parsed(await registry.expose())), sorted(parsed(await theirRegistry.metrics())));
    }),
  );
});

test('gauges', async () => {
  await fc.assert(
    fc.asyncProperty(traffic(any), async (calls) => {
      const registry = quietRegistry();
      const theirRegistry = new prom.Registry();
      const ours = new Gauge({ ...options, name: 'g', registry });
      const theirs = new prom.Gauge({ ...options, name: 'g', registers: [theirRegistry] });
      for (const [given, value, action] of calls) {
        // Both refuse to add values that are not finite.
        const method = action < 4 || !Number.isFinite(value) ? 'set' : action < 7 ? 'inc' : 'dec';
        ours[method](given, value);
        theirs[method](given, value);
      }
      assert.deepEqual(sorted(parsed(await registry.expose())), sorted(parsed(await theirRegistry.metrics())));
    }),
  );
});

test('histograms', async () => {
  await fc.assert(
    fc.asyncProperty(traffic(finite), async (calls) => {
      const registry = quietRegistry();
      const theirRegistry = new prom.Registry();
      const buckets = [-5, 0, 1, 2.5, 10, 1000];
      const ours = new Histogram({ ...options, name: 'h', buckets, registry });
      const theirs = new prom.Histogram({ ...options, name: 'h', buckets, registers: [theirRegistry] });
      for (const [given, value] of calls) {
        ours.observe(given, value);
        theirs.observe(given, value);
      }
      assert.deepEqual(sorted(parsed(await registry.expose())), sorted(parsed(await theirRegistry.metrics())));
    }),
  );
});

test('summaries, except quantiles, which the libraries estimate differently', async () => {
  await fc.assert(
    fc.asyncProperty(traffic(finite), async (calls) => {
      const registry = quietRegistry();
      const theirRegistry = new prom.Registry();
      const ours = new Summary({ ...options, name: 's', registry });
      const theirs = new prom.Summary({ ...options, name: 's', percentiles: [], registers: [theirRegistry] });
      for (const [given, value] of calls) {
        ours.observe(given, value);
        theirs.observe(given, value);
      }
      assert.deepEqual(sorted(parsed(await registry.expose())), sorted(parsed(await theirRegistry.metrics())));
    }),
  );
});

function sorted(samples: ReadonlyMap<string, number>): [string, number][] {
  return [...samples].sort(([a], [b]) => (a < b ? -1 : 1));
}
