import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  adoptRegistry,
  buildInfo,
  collectDefaults,
  collectNodeRuntime,
  collectProcess,
  refreshed,
} from '../../src/collectors/index.ts';
import { createLogger, rateLimitedLogger } from '../../src/exporter/index.ts';
import { probeHandler } from '../../src/http.ts';
import {
  Counter,
  Gauge,
  Histogram,
  Info,
  metricsFetchHandler,
  metricsHandler,
  PeakGauge,
  Registry,
  Scheduler,
  StateSet,
  Summary,
} from '../../src/index.ts';
import {
  HttpServerMetrics,
  honoMetrics,
  instrumentFetch,
  instrumentHttpClient,
  instrumentListener,
  koaMetrics,
} from '../../src/instrument/index.ts';
import { lint } from '../../src/lint/index.ts';
import { BatchJob, OtlpExporter, Pushgateway, RemoteWriter, writeTextfile } from '../../src/push/index.ts';
import { assertExposition } from '../../src/testing/index.ts';
import { collectWorkers, joinWorkers, startScrapeThread } from '../../src/workers/index.ts';

// As in plain JavaScript, where the compiler does not object.
type Untyped = (options?: unknown) => unknown;

function constructing(type: unknown, more: object = {}): Untyped {
  const Type = type as new (options: unknown) => unknown;
  return (options) => new Type(isSpreadable(options) ? { ...more, ...options } : options);
}

function calling(call: unknown, more: object = {}): Untyped {
  return (options) => (call as Untyped)(isSpreadable(options) ? { ...more, ...options } : options);
}

function isSpreadable(options: unknown): options is object {
  return typeof options === 'object' && options !== null && Object.getPrototypeOf(options) === Object.prototype;
}

const metric = { name: 'x_total', help: 'X.', registry: null };
const url = 'http://localhost:1';
const scheduler = new Scheduler();
const collector = { name: 'slow', collect: () => [] };

const takers: Record<string, Untyped> = {
  Counter: constructing(Counter, metric),
  Gauge: constructing(Gauge, { ...metric, name: 'x' }),
  Histogram: constructing(Histogram, { ...metric, name: 'x' }),
  Summary: constructing(Summary, { ...metric, name: 'x' }),
  Info: constructing(Info, { ...metric, name: 'x_info' }),
  StateSet: constructing(StateSet, { ...metric, name: 'x', states: ['a'] }),
  PeakGauge: constructing(PeakGauge, { ...metric, name: 'x' }),
  'native of Histogram': (native) => constructing(Histogram, { ...metric, name: 'x' })({ native }),
  Registry: constructing(Registry),
  metricsHandler: calling(metricsHandler),
  metricsFetchHandler: calling(metricsFetchHandler),
  probeHandler: calling(probeHandler, { modules: {} }),
  'module of probeHandler': (module) => calling(probeHandler)({ modules: { http: module } }),
  Scheduler: constructing(Scheduler),
  'every()': calling((options: never) => new Scheduler().every('1s', () => {}, options), { name: 'task' }),
  'retry of every()': (retry) => new Scheduler().every('1s', () => {}, { name: 'task', retry: retry as never }),
  'backoff of every()': (backoff) => new Scheduler().every('1s', () => {}, { name: 'task', backoff: backoff as never }),
  collectDefaults: calling(collectDefaults),
  collectProcess: calling(collectProcess),
  collectNodeRuntime: calling(collectNodeRuntime),
  buildInfo: calling(buildInfo, { name: 'shop', version: '1' }),
  refreshed: calling((options: never) => refreshed(collector, options), { scheduler, every: '1m' }),
  adoptRegistry: calling((options: never) => adoptRegistry({ getMetricsAsArray: () => [] }, options)),
  HttpServerMetrics: constructing(HttpServerMetrics),
  instrumentHttpClient: calling(instrumentHttpClient),
  instrumentListener: calling((options: never) => instrumentListener(() => {}, options)),
  instrumentFetch: calling((options: never) => instrumentFetch(() => new Response(), options)),
  honoMetrics: calling((options: never) => honoMetrics(new HttpServerMetrics({ registry: new Registry() }), options)),
  koaMetrics: calling((options: never) => koaMetrics(new HttpServerMetrics({ registry: new Registry() }), options)),
  createLogger: calling(createLogger),
  rateLimitedLogger: calling((options: never) => rateLimitedLogger(createLogger(), options)),
  Pushgateway: constructing(Pushgateway, { url, job: 'x' }),
  'retry of Pushgateway': (retry) => new Pushgateway({ url, job: 'x', retry: retry as never }),
  'tls of Pushgateway': (tls) => new Pushgateway({ url, job: 'x', tls: tls as never }),
  'basicAuth of Pushgateway': (basicAuth) => new Pushgateway({ url, job: 'x', basicAuth: basicAuth as never }),
  RemoteWriter: constructing(RemoteWriter, { url }),
  OtlpExporter: constructing(OtlpExporter),
  BatchJob: constructing(BatchJob, { name: 'backup', flush: async () => {} }),
  writeTextfile: calling((options: never) => writeTextfile('/nonexistent/x.prom', options)),
  assertExposition: calling((options: never) => assertExposition(new Registry(), '', options)),
  lint: calling((options: never) => lint([], options)),
  collectWorkers: calling(collectWorkers),
  joinWorkers: calling(joinWorkers),
  startScrapeThread: calling(startScrapeThread, { listen: 0 }),
};

/** Calls it and waits, so that functions that throw and functions that reject look the same. */
async function outcome(call: () => unknown): Promise<void> {
  await call();
}

for (const [name, take] of Object.entries(takers)) {
  test(`${name} rejects an unknown option and names it`, async () => {
    const error = { name: 'TypeError', message: /unknown option zzzzzzzzzzzz; the options are \w+/ };
    await assert.rejects(
      outcome(() => take({ zzzzzzzzzzzz: 1 })),
      error,
    );
  });

  if (name.includes(' of ')) continue; // Null, true and others mean something there.
  for (const value of ['text', 1, null, [], true]) {
    test(`${name} rejects ${JSON.stringify(value)} in place of options`, async () => {
      await assert.rejects(
        outcome(() => take(value)),
        TypeError,
      );
    });
  }
}

for (const name of [
  'Counter',
  'Histogram',
  'metricsHandler',
  'metricsFetchHandler',
  'collectDefaults',
  'Pushgateway',
]) {
  test(`${name} rejects a registry in place of options`, async () => {
    const error = { name: 'TypeError', message: /got a registry; write \{ registry \} instead/ };
    for (const registry of [new Registry(), Registry.merge(new Registry())]) {
      await assert.rejects(
        outcome(() => takers[name]?.(registry)),
        error,
      );
    }
  });
}

const MEANT: readonly (readonly [taker: string, option: string, meant: string])[] = [
  ['Counter', 'registers', 'registry'],
  ['Counter', 'labels', 'labelNames'],
  ['Counter', 'labelnames', 'labelNames'],
  ['Counter', 'maxSerie', 'maxSeries'],
  ['Gauge', 'labelName', 'labelNames'],
  ['Gauge', 'description', 'help'],
  ['Histogram', 'bucket', 'buckets'],
  ['Histogram', 'Buckets', 'buckets'],
  ['Summary', 'percentiles', 'quantiles'],
  ['Summary', 'maxAgeSeconds', 'maxAgeMs'],
  ['metricsHandler', 'regsitry', 'registry'],
  ['metricsHandler', 'timeout', 'timeoutMs'],
  ['metricsFetchHandler', 'onerror', 'onError'],
  ['collectDefaults', 'registers', 'registry'],
  ['collectDefaults', 'register', 'registry'],
  ['HttpServerMetrics', 'maxRoute', 'maxRoutes'],
  ['every()', 'overlaps', 'overlap'],
  ['native of Histogram', 'maxBucket', 'maxBuckets'],
];

for (const [taker, option, meant] of MEANT) {
  test(`${taker} suggests ${meant} for ${option}`, async () => {
    const message = new RegExp(`unknown option ${option}; did you mean ${meant}\\?$`);
    await assert.rejects(
      outcome(() => takers[taker]?.({ [option]: [] })),
      { name: 'TypeError', message },
    );
  });
}

test('options that are undefined are allowed, also unknown ones', () => {
  const options = { name: 'x_total', help: 'X.', registry: null, labelNames: undefined, ttlMs: undefined };
  constructing(Counter)({ ...options, unknown: undefined });
  calling(metricsHandler)({ registry: new Registry(), timeoutMs: undefined, regsitry: undefined });
});

test('a name that objects inherit is an unknown option', () => {
  for (const name of ['toString', 'constructor', '__proto__']) {
    const options: unknown = JSON.parse(`{"name":"x_total","help":"X.","${name}":1}`);
    assert.throws(() => new Counter(options as never), { name: 'TypeError', message: /unknown option/ }, name);
  }
});

test('the message for an unknown option is one line of limited length', () => {
  const name = `a\n${'b'.repeat(10_000)}`;
  assert.throws(
    () => new Registry({ [name]: 1 } as never),
    (error: Error) => !error.message.includes('\n') && error.message.length < 300,
  );
});
