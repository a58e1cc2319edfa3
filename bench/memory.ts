/**
 * What series cost, and whether those that go leave anything behind: `npm run build && node --expose-gc --import tsx
 * bench/memory.ts [question]`. Every question runs in a process of its own. Bytes are those of the heap and of the
 * memory outside of it that its arrays hold, after garbage collection.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import prom from 'prom-client';
import { zeroprom } from './built.ts';

const { Counter, Histogram, Registry } = zeroprom;
const MILLION = 1_000_000;
const labelNames = ['method', 'code', 'route'] as const;
/** Made before anything is measured, and shared by all: they are the application's. */
const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'];
const CODES = Array.from({ length: 20 }, (_, index) => String(200 + index));
const ROUTES = Array.from({ length: 1000 }, (_, index) => `/api/v1/resource/${index}`);

interface Labelled {
  labels(labels: { method: string; code: string; route: string }): { inc(): void };
}

const questions: Readonly<Record<string, () => void | Promise<void>>> = {
  'counter series with 3 labels, updated by inc(labels)': () => {
    const counters = fill(100_000, (at) => {
      const counter = new Counter({ ...options('c_total'), registry: null, maxSeries: Number.POSITIVE_INFINITY });
      for (const labels of at) counter.inc(labels);
      return counter;
    });
    compareWith(counters, 100_000, (at) => {
      const counter = new prom.Counter({ ...options('c_total'), registers: [] });
      for (const labels of at) counter.inc(labels);
      return counter;
    });
  },
  'counter series with 3 labels, all children kept by the table': () => {
    const counters = fill(100_000, (at) => children(at, new Counter({ ...options('c_total'), ...unlimited })));
    compareWith(counters, 100_000, (at) => children(at, new prom.Counter({ ...options('c_total'), registers: [] })));
  },
  'histogram series with 3 labels and 11 buckets': () => {
    const histograms = fill(10_000, (at) => {
      const histogram = new Histogram({ ...options('h'), ...unlimited });
      for (const labels of at) histogram.observe(labels, 0.3);
      return histogram;
    });
    compareWith(histograms, 10_000, (at) => {
      const histogram = new prom.Histogram({ ...options('h'), registers: [] });
      for (const labels of at) histogram.observe(labels, 0.3);
      return histogram;
    });
  },
  'a million label values against the default limit': async () => {
    let warnings = 0;
    process.removeAllListeners('warning').on('warning', () => warnings++);
    const registry = new Registry();
    const counter = new Counter({ name: 'c_total', help: '', labelNames: ['user'], registry });
    for (let user = 0; user < 10_100; user++) counter.inc({ user: `user ${user}` });
    const before = used();
    const began = performance.now();
    for (let user = 10_100; user < MILLION; user++) counter.inc({ user: `user ${user}` });
    const nanoseconds = ((performance.now() - began) * 1e6) / (MILLION - 10_100);
    const after = used();
    await new Promise((resolve) => setImmediate(resolve));
    const exposition = await registry.expose();
    assert.match(exposition, /^zeroprom_series_dropped_total\{metric="c_total"\} 990000$/m);
    assert.match(exposition, /^c_total\{user="__overflow__"\} 990000$/m);
    assert.equal(warnings, 1);
    console.log(`  ${kilobytes(before)} after 10,100 values, ${kilobytes(after)} after a million`);
    console.log(`  one warning, dropped counter right; ${nanoseconds.toFixed(0)} ns for an update beyond the limit`);
  },
  'ten million series made and removed, 100 alive at a time': async () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'c_total', help: '', labelNames: ['id', 'zone'], registry });
    const zones = ['a', 'b', 'c'] as const;
    const zoneOf = (id: number) => zones[id % 3] ?? 'a';
    const firstHandle = counter.labels('0', 'a');
    let oldHandle = firstHandle;
    const began = performance.now();
    for (let id = 0; id < 10 * MILLION; id++) {
      const child = counter.labels(String(id), zoneOf(id));
      child.inc();
      if (id >= 100) assert.ok(counter.remove(String(id - 100), zoneOf(id - 100)));
      if (id % 1000 === 0) {
        firstHandle.inc(1000);
        oldHandle.inc(1000);
        oldHandle = child;
      }
      if (id % (2 * MILLION) === MILLION / 10) console.log(`  ${kilobytes(used())} after ${id.toLocaleString('en')}`);
    }
    const nanoseconds = ((performance.now() - began) * 1e6) / (10 * MILLION);
    console.log(`  ${kilobytes(used())} after 10,000,000; ${nanoseconds.toFixed(0)} ns to make, update and remove one`);
    const lines = (await registry.expose()).split('\n').filter((line) => line.startsWith('c_total{'));
    assert.equal(lines.length, 100);
    assert.ok(lines.every((line) => line.endsWith('} 1')));
    console.log('  100 series are shown, each as it was updated: old handles have touched none');
  },
};

const unlimited = { registry: null, maxSeries: Number.POSITIVE_INFINITY };

const chosen = process.argv[2];
if (chosen === undefined) runAll();
else {
  console.log(chosen);
  await questions[chosen]?.();
}

function runAll(): void {
  for (const question of Object.keys(questions)) {
    spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', import.meta.filename, question], {
      stdio: 'inherit',
    });
  }
}

function options(name: string) {
  return { name, help: 'Help.', labelNames };
}

type Combinations = Iterable<{ method: string; code: string; route: string }>;

function* combinations(count: number): Combinations {
  for (let index = 0; index < count; index++) {
    const method = METHODS[index % 5] ?? '';
    const code = CODES[Math.floor(index / 5) % 20] ?? '';
    yield { method, code, route: ROUTES[Math.floor(index / 100)] ?? '' };
  }
}

function children<M extends Labelled>(at: Combinations, metric: M): M {
  for (const labels of at) metric.labels(labels).inc();
  return metric;
}

/** Bytes a series. */
function fill(count: number, make: (at: Combinations) => object): number {
  make(combinations(100)); // What is made once for all, such as compiled code, is not counted.
  const before = used();
  const kept = make(combinations(count));
  const bytes = (used() - before) / count;
  assert.ok(kept !== undefined);
  return bytes;
}

function compareWith(bytes: number, count: number, make: (at: Combinations) => object): void {
  const theirs = fill(count, make);
  console.log(
    `  ${bytes.toFixed(1)} bytes; prom-client ${theirs.toFixed(1)}; ${((100 * bytes) / theirs).toFixed(1)} % of it`,
  );
}

function used(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
