import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Gauge, Registry } from '../../../src/index.ts';
import { Pushgateway, type PushgatewayOptions, type PushOptions, type PushReport } from '../../../src/push/index.ts';
import { ManualClock } from '../../../src/scheduler/index.ts';
import { start } from '../../child.ts';
import { type Answer, startReceiver } from '../receiver.ts';

/** A gateway on a manual clock whose first push comes after half of an interval of 10 seconds. */
async function startLoop(t: TestContext, options: Partial<PushgatewayOptions> = {}, answer?: Answer) {
  const receiver = await startReceiver(t, answer);
  const registry = new Registry();
  const value = new Gauge({ name: 'value', help: 'Value.', registry });
  const clock = new ManualClock();
  const errors: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn: (message: string) => void errors.push(message),
    error: (message: string) => void errors.push(message),
  };
  const gateway = new CountedPushgateway(
    {
      url: receiver.url,
      job: 'a',
      registry,
      interval: '10s',
      format: 'text',
      retry: { attempts: 0 },
      logger,
      ...options,
    },
    { clock, random: () => 0.5 },
  );
  t.after(() => gateway.stop());
  gateway.start();
  /** Advances the clock to the next push, and waits until it has ended. */
  const advance = async (ms: number, pushes: number) => {
    await clock.advance(ms);
    while (gateway.ended < pushes) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve)); // For the scheduler, which logs how its run has ended.
  };
  return { receiver, clock, errors, gateway, value, advance };
}

/** Counts the pushes that have ended. */
class CountedPushgateway extends Pushgateway {
  ended = 0;

  override async push(options?: PushOptions): Promise<PushReport> {
    try {
      return await super.push(options);
    } finally {
      this.ended++;
    }
  }
}

test('the first push comes after a random part of the interval, others follow at each interval', async (t) => {
  const { receiver, advance, clock } = await startLoop(t);
  await clock.advance(4999);
  assert.equal(receiver.requests.length, 0);
  await advance(1, 1);
  await advance(10_000, 2);
  await advance(10_000, 3);
  assert.deepEqual([...new Set(receiver.requests.map(({ method }) => method))], ['PUT']);
});

test('stop() pushes the last values', async (t) => {
  const { receiver, gateway, value } = await startLoop(t);
  value.set(7);
  assert.equal(await gateway.stop(), true);
  assert.match(receiver.requests[0]?.body.toString() ?? '', /value 7/);
  assert.equal(await gateway.stop(), true);
  assert.equal(receiver.requests.length, 1);
});

test('stop() can delete the group', async (t) => {
  const { receiver, gateway } = await startLoop(t, { onStop: 'delete' });
  assert.equal(await gateway.stop(), true);
  assert.deepEqual(
    receiver.requests.map(({ method }) => method),
    ['DELETE'],
  );
});

test('a push that fails is logged, and the next one comes', async (t) => {
  const { receiver, errors, advance } = await startLoop(t, {}, (response, _request, index) => {
    response.writeHead(index === 0 ? 400 : 200).end();
  });
  await advance(5000, 1);
  assert.equal(errors.length, 1);
  await advance(10_000, 2);
  assert.equal(receiver.requests.length, 2);
  assert.equal(errors.length, 1);
});

test('intervals grow while pushes keep failing', async (t) => {
  const { receiver, clock, advance } = await startLoop(t, {}, (response) => response.writeHead(500).end());
  await advance(5000, 1);
  await advance(10_000, 2);
  await clock.advance(10_000);
  assert.equal(receiver.requests.length, 2);
  await advance(10_000, 3);
});

test('a last push that fails is logged, and stop() resolves with false', async (t) => {
  const { gateway, errors } = await startLoop(t, {}, (response) => response.writeHead(500).end());
  assert.equal(await gateway.stop(), false);
  assert.deepEqual(errors, ['The last push to the Pushgateway failed.']);
});

test('stop() gives up after its timeout if the gateway hangs', async (t) => {
  const { gateway, errors } = await startLoop(t, {}, () => {});
  assert.equal(await gateway.stop({ timeout: 50 }), false);
  assert.equal(errors.length, 1);
});

test('stop() aborts a push in flight, and pushes once more', async (t) => {
  const { gateway, receiver, clock } = await startLoop(t, {}, (response, _request, index) => {
    if (index > 0) response.end();
  });
  await clock.advance(5000);
  while (receiver.requests.length < 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(await gateway.stop(), true);
  assert.equal(receiver.requests.length, 2);
});

test('a loop can be started again', async (t) => {
  const { gateway, receiver, advance } = await startLoop(t);
  await gateway.stop();
  gateway.start();
  await advance(10_000, 2);
  assert.equal(await gateway.stop(), true);
  assert.equal(receiver.requests.length, 3);
});

test('stop() without start() sends nothing', async (t) => {
  const receiver = await startReceiver(t);
  const gateway = new Pushgateway({ url: receiver.url, job: 'a', registry: new Registry() });
  assert.equal(await gateway.stop(), true);
  assert.equal(receiver.requests.length, 0);
});

test('a loop does not keep the process alive', async (t) => {
  const program = `
    import { Pushgateway } from ${JSON.stringify(new URL('../../../src/push/index.js', import.meta.url).href)};
    new Pushgateway({ url: 'http://127.0.0.1:9', job: 'a', interval: '1h' }).start();`;
  assert.equal(await start(t, process.execPath, ['--input-type=module', '-e', program]).ended, 0);
});
