import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type CollectContext, type Collector, Gauge, metricsHandler, Registry } from '../../../src/index.ts';
import { Gate, GatedCollector } from '../gated-collector.ts';
import { rawGet } from '../raw.ts';
import { serve } from '../serve.ts';

type Collect = Collector['collect'];

const familyOf = (value: number, name = 'bad') => ({
  name,
  help: 'Help.',
  type: 'gauge' as const,
  points: [{ value }],
});
const never = new Promise<never>(() => {});
const reject = (reason: unknown) => () => Promise.reject(reason);
const raise = (thrown: unknown) => () => {
  throw thrown;
};
/** Return values that only untyped JavaScript can have. */
const returns = (value: unknown) => (() => value) as Collect;
const thenable = (then: () => void) => Object.defineProperty({}, 'then', { value: then });

/** A registry with a metric, a working collector and a bad one. */
function withCollector(collect: Collect): Registry {
  const registry = new Registry();
  new Gauge({ name: 'metric', help: 'Help.', registry }).set(1);
  registry.register({ name: 'good', collect: async () => [familyOf(1, 'good')] });
  registry.register({ name: 'bad', collect });
  return registry;
}

const IN_TIME = { 'X-Prometheus-Scrape-Timeout-Seconds': '0.3' };

async function scrapeOf(t: TestContext, registry: Registry): Promise<string[]> {
  const { status, body } = await rawGet(await serve(t, metricsHandler({ registry })), IN_TIME);
  assert.equal(status, 200);
  return body.split('\n');
}

suite('a collector fails alone', { concurrency: true }, () => {
  for (const [what, collect] of [
    ['throws', raise(new Error('no'))],
    ['throws null', raise(null)],
    ['throws a value that cannot be converted to a string', raise(Object.create(null))],
    ['rejects', reject(new Error('no'))],
    ['rejects with a string', reject('no')],
    ['rejects with undefined', reject(undefined)],
    ['never resolves', () => never],
    ['returns a thenable that never calls back', returns(thenable(() => {}))],
    ['returns a thenable that throws', returns(thenable(raise(new Error('no'))))],
    ['returns a number', returns(7)],
    ['returns null', returns(null)],
    ['returns values that are not families', returns([null, 7, 'x', {}])],
    ['fails in the middle of its families', () => generatorThatFails()],
  ] as const satisfies readonly (readonly [string, Collect])[]) {
    test(`one that ${what}`, async (t) => {
      const lines = await scrapeOf(t, withCollector(collect));
      for (const line of ['metric 1', 'good 1', 'zeroprom_collector_success{collector="good"} 1']) {
        assert.ok(lines.includes(line), line);
      }
      assert.ok(lines.includes('zeroprom_collector_success{collector="bad"} 0'));
      assert.ok(!lines.some((line) => line.startsWith('bad')));
    });
  }
});

function* generatorThatFails() {
  yield familyOf(1);
  throw new Error('no');
}

test('the error of a collector that hangs names its time limit', async (t) => {
  const lines = await scrapeOf(
    t,
    withCollector(() => never),
  );
  const prefix = 'zeroprom_collector_duration_seconds{collector="bad"} ';
  const seconds = Number(lines.find((line) => line.startsWith(prefix))?.slice(prefix.length));
  assert.ok(seconds >= 0.25 && seconds < 1, String(seconds));
});

test('a promise that resolves twice counts once', async (t) => {
  const collect: Collect = () =>
    new Promise((resolve) => {
      resolve([familyOf(1)]);
      resolve([familyOf(2)]);
    });
  assert.ok((await scrapeOf(t, withCollector(collect))).includes('bad 1'));
});

test('families returned after the deadline are not exposed', async (t) => {
  const late = new Gate<ReturnType<typeof familyOf>[]>();
  let runs = 0;
  const registry = withCollector(() => (++runs === 1 ? late.promise : [familyOf(2)]));
  const url = await serve(t, metricsHandler({ registry }));
  assert.doesNotMatch((await rawGet(url, IN_TIME)).body, /^bad/m);
  late.open([familyOf(1)]);
  assert.match((await rawGet(url, IN_TIME)).body, /^bad 2$/m);
});

test('points that a collector adds after it has returned are not exposed', async (t) => {
  const family = familyOf(1);
  const registry = withCollector(() => [family]);
  const gated = new GatedCollector();
  registry.register(gated);
  const answer = rawGet(await serve(t, metricsHandler({ registry })));
  await gated.asked.promise;
  await new Promise((resolve) => setImmediate(resolve)); // The collector has returned by now.
  family.points.push({ value: 3 });
  gated.go.open();
  const values = (await answer).body.split('\n').filter((line) => line.startsWith('bad'));
  assert.deepEqual(values, ['bad 1']);
});

test('changes that a collector makes after the gathering are not exposed', async (t) => {
  const family = familyOf(1);
  const registry = withCollector(() => [family]);
  const url = await serve(
    t,
    metricsHandler({
      registry: {
        gather: async (options) => {
          const gathering = await registry.gather(options);
          Object.assign(family.points[0] ?? {}, { value: 2 });
          return gathering;
        },
      },
    }),
  );
  assert.match((await rawGet(url)).body, /^bad 1$/m);
});

test('a collector can use its context after its run without harm', async (t) => {
  const contexts: CollectContext[] = [];
  const registry = withCollector((context) => {
    contexts.push(context);
    return [familyOf(contexts.length)];
  });
  const url = await serve(t, metricsHandler({ registry }));
  await rawGet(url);
  const [context] = contexts;
  assert.ok(context);
  context.signal.addEventListener('abort', () => assert.fail('It was over.'));
  assert.match((await rawGet(url)).body, /^bad 2$/m);
});

suite('a registry that changes while it is scraped', () => {
  const changes: readonly (readonly [string, (registry: Registry, gauge: Gauge<readonly ['x']>) => void])[] = [
    ['a metric comes', (registry) => void new Gauge({ name: 'new', help: 'Help.', registry })],
    ['a metric goes', (registry) => void registry.unregister('g')],
    ['a collector comes', (registry) => void registry.register({ name: 'more', collect: () => [familyOf(1, 'more')] })],
    ['a collector goes', (registry) => void registry.unregister('gated')],
    ['a child comes', (_, gauge) => gauge.set({ x: 'new' }, 1)],
    ['a child goes', (_, gauge) => void gauge.remove({ x: '0' })],
    ['all children go', (_, gauge) => gauge.clear()],
    ['everything goes', (registry) => registry.clear()],
  ];
  for (const [what, change] of changes) {
    test(`${what} while a collector runs`, async (t) => {
      const { url, collector, registry, gauge } = await gatedScrape(t);
      const answer = rawGet(url);
      await collector.asked.promise;
      change(registry, gauge);
      collector.go.open();
      const { status, body } = await answer;
      assert.equal(status, 200);
      assertDistinct(body);
      assert.equal((await rawGet(url)).status, 200);
    });
  }

  test('all of these changes at once, repeatedly, during scrapes', async (t) => {
    const { url, collector, registry, gauge } = await gatedScrape(t);
    collector.go.open();
    for (let round = 0; round < 30; round++) {
      const answers = Array.from({ length: 3 }, () => rawGet(url));
      const [, change] = changes[round % (changes.length - 1)]!; // One of the changes above, except the last.
      try {
        change(registry, gauge);
      } catch {
        // It may already be registered.
      }
      for (const { status, body } of await Promise.all(answers)) {
        assert.ok(status === 200 || status === 500);
        assertDistinct(body);
      }
    }
  });
});

async function gatedScrape(t: TestContext) {
  const registry = new Registry();
  const gauge = new Gauge({ name: 'g', help: 'Help.', labelNames: ['x'], registry });
  for (let x = 0; x < 2000; x++) gauge.set({ x }, x);
  const collector = new GatedCollector();
  registry.register(collector);
  return { registry, gauge, collector, url: await serve(t, metricsHandler({ registry })) };
}

/** Asserts that no series is exposed twice. */
function assertDistinct(body: string): void {
  const series = body
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));
  assert.equal(new Set(series).size, series.length);
}
