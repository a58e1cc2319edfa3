import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type ProbeHandlerOptions, type ProbeModule, probeHandler } from '../../src/http.ts';
import { Gauge, Registry } from '../../src/index.ts';
import { Gate } from './gated-collector.ts';
import { rawGet } from './raw.ts';
import { serve } from './serve.ts';

function probing(t: TestContext, probe: ProbeModule['probe'], options: Partial<ProbeHandlerOptions> = {}) {
  return serve(t, probeHandler({ modules: { up: { probe } }, defaultModule: 'up', ...options }));
}

test('a probe exposes the metrics of its module, its success and its duration', async (t) => {
  const url = await probing(t, ({ target, registry }) => {
    new Gauge({ name: 'found', help: 'Help.', labelNames: ['target'], registry }).set({ target }, 7);
    return true;
  });
  for (let count = 0; count < 2; count++) {
    const { status, body, headers } = await rawGet(`${url}?target=a%20b`, {
      'X-Prometheus-Scrape-Timeout-Seconds': '5',
    });
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    for (const line of [
      /^found\{target="a b"\} 7$/m,
      /^probe_success 1$/m,
      /^probe_timeout_seconds 4\.5$/m,
      /^probe_duration_seconds \d/m,
    ]) {
      assert.match(body, line);
    }
  }
});

for (const [what, probe] of [
  ['says no', () => false],
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no'))],
  ['rejects with nothing', () => Promise.reject(null)],
  ['never ends', () => new Promise<never>(() => {})],
] as const) {
  test(`a probe that ${what} has probe_success 0 and status 200`, async (t) => {
    const url = await probing(t, probe);
    const { status, body } = await rawGet(`${url}?target=x`, { 'X-Prometheus-Scrape-Timeout-Seconds': '0.1' });
    assert.equal(status, 200);
    assert.match(body, /^probe_success 0$/m);
  });
}

test('the status of a failed probe can be 503', async (t) => {
  const url = await probing(t, () => false, { failureStatus: 503 });
  assert.equal((await rawGet(`${url}?target=x`)).status, 503);
});

for (const [query, message] of [
  ['', 'The parameter target is missing.'],
  ['?target=', 'The parameter target is missing.'],
  ['?target=a&target=b', 'The parameter target must not be repeated.'],
  ['?target=a&module=x&module=up', 'The parameter module must not be repeated.'],
  ['?target=a&module=none', 'Unknown module "none".'],
  ['?target=a&module=__proto__', 'Unknown module "__proto__".'],
  ['?target=%zz', 'Malformed percent-encoding in the query.'],
  [`?target=${'x'.repeat(8000)}`, 'A target must have at most 2048 characters.'],
] as const) {
  test(`"${query.slice(0, 40)}" is rejected`, async (t) => {
    const { status, body } = await rawGet((await probing(t, () => assert.fail())) + query);
    assert.deepEqual([status, body], [400, `${message}\n`]);
  });
}

test('unknown modules are counted, without their names', async (t) => {
  const selfMetrics = new Registry({ selfMetrics: false });
  const url = await probing(t, () => true, { selfMetrics });
  await rawGet(`${url}?target=a&module=none`);
  assert.match(await selfMetrics.expose(), /^probe_module_unknown_total 1$/m);
});

test('a target that is not allowed is not probed', async (t) => {
  const url = await probing(t, () => assert.fail(), { isAllowed: (target) => target !== '169.254.169.254' });
  assert.equal((await rawGet(`${url}?target=169.254.169.254`)).status, 400);
});

test('debug shows the log of the probe as plain text, which browsers do not render', async (t) => {
  const url = await probing(t, ({ log }) => {
    log('<img src=x>\nforged');
    throw new Error('why');
  });
  const { status, body, headers } = await rawGet(`${url}?target=x&debug=true`);
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(body, /^"<img src=x>\\nforged"\n"why"$/m);
  assert.match(body, /^probe_success 0$/m);
});

test('a client that disconnects aborts the probe', async (t) => {
  const began = new Gate<AbortSignal>();
  const url = await probing(t, ({ signal }) => {
    began.open(signal);
    return new Promise<never>(() => {});
  });
  const asked = request(`${url}?target=x`).on('error', () => {});
  asked.end();
  const signal = await began.promise;
  const aborted = once(signal, 'abort');
  asked.destroy();
  await aborted;
});

test('probes beyond the limit get 503', async (t) => {
  const began = new Gate();
  const go = new Gate();
  const probe = () => {
    began.open();
    return go.promise.then(() => true);
  };
  const url = await probing(t, probe, { maxRequests: 1 });
  const first = rawGet(`${url}?target=x`);
  await began.promise;
  const refused = await rawGet(`${url}?target=y`);
  assert.equal(refused.status, 503);
  assert.equal(refused.headers['retry-after'], '1');
  go.open();
  assert.equal((await first).status, 200);
});

for (const timeoutMs of [0, -1, Number.NaN]) {
  test(`the timeoutMs of a module cannot be ${timeoutMs}`, () => {
    assert.throws(
      () => probeHandler({ modules: { dns: { probe: () => true, timeoutMs } } }),
      new RangeError(`timeoutMs of module dns must be a number of milliseconds above 0, got ${timeoutMs}.`),
    );
  });
}

test('the signal of a probe does not abort after the probe has ended', async (t) => {
  let signal: AbortSignal | undefined;
  const url = await probing(t, (context) => {
    signal = context.signal;
    return true;
  });
  assert.equal((await rawGet(`${url}?target=x`)).status, 200);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(signal?.aborted, false);
});

test('the log of a probe that takes too long names its time limit', async (t) => {
  const url = await probing(t, () => new Promise<never>(() => {}));
  const { body } = await rawGet(`${url}?target=x&debug=true`, { 'X-Prometheus-Scrape-Timeout-Seconds': '0.05' });
  assert.match(body, /^"Timed out after 45 ms\."$/m);
  assert.match(body, /^probe_success 0$/m);
});
