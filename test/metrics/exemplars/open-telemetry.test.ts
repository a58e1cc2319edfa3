import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { after, before, test } from 'node:test';
import { type Context, type ContextManager, context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { Counter, openTelemetryExemplars, type Registry } from '../../../src/index.ts';
import { openMetricsSamples, quietRegistry } from '../exposed-samples.ts';

const TRACE = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

/** Registers a minimal equivalent of OpenTelemetry's SDK. */
class StorageContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(active, () => fn.call(thisArg, ...args));
  }

  bind<T>(_context: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

before(() => context.setGlobalContextManager(new StorageContextManager()));
after(() => context.disable());

function inSpan<T>(traceFlags: TraceFlags, fn: () => T): T {
  const span = trace.wrapSpanContext({ ...TRACE, traceFlags });
  return context.with(trace.setSpan(context.active(), span), fn);
}

async function exemplarIn(registry: Registry): Promise<string | undefined> {
  return (await openMetricsSamples(registry))[0]?.split(' # ')[1]?.split(' ')[0];
}

function counterIn(registry: Registry) {
  return new Counter({ name: 'c_total', help: '', exemplarSource: openTelemetryExemplars, registry });
}

test('the active span becomes the exemplar, even after an await', async () => {
  const registry = quietRegistry();
  const counter = counterIn(registry);
  await inSpan(TraceFlags.SAMPLED, async () => {
    await Promise.resolve();
    counter.inc();
  });
  assert.equal(await exemplarIn(registry), `{trace_id="${TRACE.traceId}",span_id="${TRACE.spanId}"}`);
});

test('a span that is not sampled is ignored', async () => {
  const registry = quietRegistry();
  inSpan(TraceFlags.NONE, () => counterIn(registry).inc());
  assert.equal(await exemplarIn(registry), undefined);
});

test('no exemplar is recorded outside of spans', async () => {
  const registry = quietRegistry();
  counterIn(registry).inc();
  assert.equal(await exemplarIn(registry), undefined);
});

test('no exemplar is recorded without a context manager', () => {
  context.disable();
  try {
    assert.equal(openTelemetryExemplars(), undefined);
  } finally {
    context.setGlobalContextManager(new StorageContextManager());
  }
});

test('the span is read from the global of the API, which all copies share', () => {
  const key = Symbol.for('opentelemetry.js.api.1');
  const kept = (globalThis as Record<symbol, unknown>)[key];
  assert.ok(kept !== undefined);
  try {
    for (const other of [undefined, {}, { context: {} }, { context: { active: () => undefined } }]) {
      (globalThis as Record<symbol, unknown>)[key] = other;
      assert.equal(openTelemetryExemplars(), undefined);
    }
  } finally {
    (globalThis as Record<symbol, unknown>)[key] = kept;
  }
});
