import assert from 'node:assert/strict';
import { Gauge, Registry } from '../../src/index.ts';

/** Creates a registry whose exposition has this many lines of about a thousand bytes. */
export function seriesOf(count: number): Registry {
  const registry = new Registry({ selfMetrics: false });
  const gauge = new Gauge({ name: 'g', help: 'Help.', labelNames: ['x'], maxSeries: Infinity, registry });
  for (let x = 0; x < count; x++) gauge.set({ x: String(x).padStart(1000, '.') }, x);
  return registry;
}

/** Returns a function that returns the number of rows of `seriesOf()` encoded so far. */
export function encodedRows(registry: Registry): () => number {
  let rows = 0;
  const metric = registry.get('g');
  assert.ok(metric);
  const encode = metric.encode.bind(metric);
  metric.encode = (encoder, from, to) => {
    rows = to;
    encode(encoder, from, to);
  };
  return () => rows;
}
