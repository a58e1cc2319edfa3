/** User code that throws or rejects wherever a server calls it: each request is answered. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { suite, type TestContext, test } from 'node:test';
import { routed } from '../../src/exporter/server/router.ts';
import { probeHandler } from '../../src/http.ts';
import { Counter, Gauge, metricsFetchHandler, metricsHandler, Registry, Scheduler } from '../../src/index.ts';
import { hostileFunctions } from '../hostile-values.ts';
import { rawGet } from '../http/raw.ts';
import { serve } from '../http/serve.ts';
import { startServer } from './server/exporter-server.ts';

/** Records uncaught errors, which would end a process other than the test runner's. */
function watchProcess(t: TestContext): unknown[] {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, note);
  t.after(() => {
    for (const event of ['uncaughtException', 'unhandledRejection']) process.off(event, note);
  });
  return uncaught;
}

/** Creates a registry with a valid metric. */
function registryWith(register: (registry: Registry) => unknown): Registry {
  const registry = new Registry();
  new Gauge({ name: 'well', help: 'Help.', registry }).set(1);
  register(registry);
  return registry;
}

const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

for (const { what, fn } of hostileFunctions) {
  suite(`a function that ${what}`, () => {
    test('as collector, callback of a metric and onError: the rest is served', async (t) => {
      const uncaught = watchProcess(t);
      const registry = registryWith((all) => {
        all.register({ name: 'bad', collect: fn as () => [] });
        new Counter({ name: 'bad_total', help: 'Help.', registry: all, collect: fn as () => void });
      });
      const url = await serve(t, metricsHandler({ registry, onError: fn as () => void }));
      const { status, body } = await rawGet(url);
      assert.equal(status, 200);
      assert.match(body, /^well 1$/m);
      assert.match(body, /^zeroprom_collector_success\{collector="bad"\} 0$/m);
      const response = await metricsFetchHandler({ registry, onError: fn as () => void })(new Request('http://x/'));
      assert.match(await response.text(), /^well 1$/m);
      await settled();
      assert.deepEqual(uncaught, []);
    });

    test('as a registry: 500', async (t) => {
      const uncaught = watchProcess(t);
      const registry = { gather: fn as () => Promise<never> };
      const { status } = await rawGet(await serve(t, metricsHandler({ registry, onError: fn as () => void })));
      assert.equal(status, 500);
      const response = await metricsFetchHandler({ registry, onError: fn as () => void })(new Request('http://x/'));
      assert.equal(response.status, 500);
      const merged = registryWith(() => {});
      const url = await serve(t, metricsHandler({ registry: Registry.merge(registry, merged) }));
      assert.match((await rawGet(url)).body, /^well 1$/m);
      await settled();
      assert.deepEqual(uncaught, []);
    });

    test('as a probe: the probe fails', async (t) => {
      const uncaught = watchProcess(t);
      const probe = fn as () => boolean;
      const url = await serve(t, probeHandler({ modules: { bad: { probe } } }));
      const { status, body } = await rawGet(`${url}?target=x&module=bad`);
      assert.equal(status, 200);
      assert.match(body, /^probe_success 0$/m);
      assert.equal((await rawGet(`${url}?target=x&module=bad&debug=true`)).status, 200);
      const guarded = await serve(t, probeHandler({ modules: { bad: { probe } }, isAllowed: probe }));
      assert.ok([200, 500].includes((await rawGet(`${guarded}?target=x&module=bad`)).status));
      await settled();
      assert.deepEqual(uncaught, []);
    });

    test('as a route: 500', async (t) => {
      const uncaught = watchProcess(t);
      const told: unknown[] = [];
      const listener = fn as () => void;
      const url = await serve(
        t,
        routed([['/', { listener }]], (path) => told.push(path)),
      );
      if (/^returns a (proxy|revoked|promise whose (then|catch|constructor))/.test(what)) return;
      assert.equal((await rawGet(url)).status, 500);
      assert.deepEqual(told, ['/']);
      await settled();
      assert.deepEqual(uncaught, []);
    });

    test('as every callback of an exporter: it responds, and logs the error', async (t) => {
      const uncaught = watchProcess(t);
      const { port } = await startServer(t, {
        registry: registryWith((all) => all.register({ name: 'bad', collect: fn as () => [] })),
        isLifecycleEnabled: true,
        reload: fn as () => Promise<void>,
        quit: fn,
      });
      const url = `http://127.0.0.1:${port}`;
      assert.match((await rawGet(`${url}/metrics`)).body, /^well 1$/m);
      assert.equal((await rawGet(`${url}/`)).status, 200);
      const reload = await fetch(`${url}/-/reload`, { method: 'POST' });
      assert.ok([200, 500].includes(reload.status));
      assert.ok((await reload.text()).length < 7000);
      assert.equal((await fetch(`${url}/-/quit`, { method: 'POST' })).status, 200);
      await settled();
      assert.deepEqual(uncaught, []);
    });
  });
}

suite('background work of an exporter', () => {
  const raise = (): never => {
    throw new Proxy(new Error('beside'), { getPrototypeOf: () => null });
  };

  test('tasks that cannot be listed: 500 and a log message', async (t) => {
    const uncaught = watchProcess(t);
    const scheduler = {
      start: () => {},
      stop: () => {},
      get tasks(): never {
        return raise();
      },
    };
    const { port, log } = await startServer(t, { scheduler });
    for (const path of ['/', '/-/ready']) {
      assert.equal((await rawGet(`http://127.0.0.1:${port}${path}`)).status, 500);
    }
    assert.equal((await rawGet(`http://127.0.0.1:${port}/metrics`)).status, 200);
    assert.deepEqual(log.lines, Array(2).fill('error A request failed.'));
    assert.deepEqual(uncaught, []);
  });

  test('a stop() that throws: requests in flight are answered first', async (t) => {
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const registry = registryWith((all) =>
      all.register({
        name: 'slow',
        collect: async () => {
          isAsked();
          await gate;
          return [];
        },
      }),
    );
    const scheduler = new Scheduler();
    scheduler.stop = raise;
    const { port, server } = await startServer(t, { registry, scheduler });
    const scrape = rawGet(`http://127.0.0.1:${port}/metrics`);
    await asked;
    const stopped = assert.rejects(server.stop(), Error);
    go();
    assert.equal((await scrape).status, 200);
    await stopped;
    server.stop = async () => {}; // The hook after the test would get the same error.
  });
});

test('a listener that throws after its response has started is dropped, and one that has ended is not', async (t) => {
  const uncaught = watchProcess(t);
  const fail = (): never => {
    throw Object.create(null);
  };
  const routes = routed([
    [
      '/begun',
      {
        listener: (_, response) => {
          response.write('half');
          fail();
        },
      },
    ],
    [
      '/ended',
      {
        listener: (_, response) => {
          response.end('whole');
          fail();
        },
      },
    ],
  ]);
  const server = createServer(routes);
  const url = await serve(t, (request, response) => server.emit('request', request, response));
  await assert.rejects(rawGet(`${url}/begun`));
  assert.equal((await rawGet(`${url}/ended`)).body, 'whole');
  assert.deepEqual(uncaught, []);
});
