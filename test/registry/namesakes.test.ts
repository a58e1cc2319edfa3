/** Metrics with the same name, as instances of a class register them through views with labels. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Gauge, Registry } from '../../src/index.ts';
import { assertCpuTime } from '../cpu-time.ts';
import { samples } from './gauges.ts';

type Labels = Readonly<Record<string, string>>;

const value = fc.constantFrom('1', '2', '3');
const labels: fc.Arbitrary<Labels> = fc
  .record({ a: value, b: value, c: value }, { requiredKeys: [] })
  .filter((some) => Object.keys(some).length > 0);

/** Whether a label that both metrics have differs, so that they cannot have the same series. */
function areApart(one: Labels, other: Labels): boolean {
  return Object.keys(one).some((name) => other[name] !== undefined && other[name] !== one[name]);
}

test('a metric is registered if and only if a constant label distinguishes it from every other one with its name', () => {
  const action = fc.record({ labels, isRemoval: fc.boolean() });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const registry = new Registry();
      const registered: { readonly labels: Labels; readonly unregister: () => boolean }[] = [];
      for (const { labels, isRemoval } of actions) {
        if (isRemoval) {
          assert.ok(registered.shift()?.unregister() ?? true);
          continue;
        }
        const view = registry.withLabels(labels);
        const metric = new Gauge({ name: 'g', help: '', registry: null });
        if (registered.every((other) => areApart(labels, other.labels))) {
          view.register(metric);
          registered.push({ labels, unregister: () => view.unregister(metric) });
        } else {
          assert.throws(() => view.register(metric), {
            message: /^Metric g is already registered at \S+:\d+(; use registry| with different labels )/,
          });
        }
      }
    }),
  );
});

test('metrics with one name are exposed in the order of registration, even after one was removed', async () => {
  const registry = new Registry({ selfMetrics: false });
  const views = ['1', '2', '3'].map((tenant) => registry.withLabels({ tenant }));
  const metrics = views.map((view) => new Gauge({ name: 'g', help: '', registry: view }));
  views[0]?.unregister(metrics[0]!);
  new Gauge({ name: 'g', help: '', registry: registry.withLabels({ tenant: '1' }) });
  assert.deepEqual(await samples(registry), ['g{tenant="2"} 0', 'g{tenant="3"} 0', 'g{tenant="1"} 0']);
});

test('a metric with another type or help is refused regardless of its labels', () => {
  const registry = new Registry();
  new Gauge({ name: 'g', help: 'One.', registry: registry.withLabels({ a: '1' }) });
  assert.throws(() => new Gauge({ name: 'g', help: 'Other.', registry: registry.withLabels({ a: '2' }) }), {
    message:
      /^Metric g is already registered at \S+namesakes\.test\.ts:\d+ with a different help text \("One\.", not "Other\."\); /,
  });
});

/** Comparing each metric with all others takes 15 seconds. */
const LIMIT_MS = 5_000;

test('16,000 metrics with one name are registered and removed in linear time', async () => {
  const registry = new Registry({ selfMetrics: false });
  assertCpuTime(LIMIT_MS, () => {
    for (let tenant = 0; tenant < 16_000; tenant++) {
      new Gauge({ name: 'g', help: '', registry: registry.withLabels({ zone: 'a', tenant }) });
    }
    registry.clear();
  });
  assert.equal(await registry.expose(), '');
});
