import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { type CollectContext, type Collector, Gauge, Registry } from '../../src/index.ts';
import type { DirectCollector } from '../../src/model/index.ts';
import { collectorOf, failures, gauge, samples } from './gauges.ts';

function registryWith(...collectors: readonly Collector[]): Registry {
  const registry = new Registry({ selfMetrics: false });
  for (const collector of collectors) registry.register(collector);
  return registry;
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

const returned: readonly [what: string, value: unknown, problem: string][] = [
  ['undefined', undefined, 'Collector bad must return an iterable of families, got undefined.'],
  ['null', null, 'Collector bad must return an iterable of families, got null.'],
  ['a number', 1, 'Collector bad must return an iterable of families, got number.'],
  ['a text', 'families', 'Collector bad must return an iterable of families, got string.'],
  ['an object', { length: 1 }, 'Collector bad must return an iterable of families, got object.'],
  ['a list of numbers', [1], 'A family must be an object, got number.'],
  ['a family without a name', [{}], 'A metric name must be a string, got undefined.'],
  [
    'a family with an empty name',
    [gauge('')],
    'Invalid metric name "": it must not be empty or contain an unpaired surrogate.',
  ],
  ['a family without help', [{ ...gauge('a'), help: undefined }], 'a: help must be a string, got undefined.'],
  ['a family of no type', [{ ...gauge('a'), type: 'untyped' }], 'a: type must be a metric type, got untyped.'],
  [
    'a family whose type is that of all objects',
    [{ ...gauge('a'), type: 'toString' }],
    'a: type must be a metric type, got toString.',
  ],
  ['a family whose unit is a number', [{ ...gauge('a'), unit: 1 }], 'a: unit must be a string, got number.'],
  ['a family without points', [{ ...gauge('a'), points: undefined }], 'a: points must be iterable, got undefined.'],
  ['a family whose points are a text', [{ ...gauge('a'), points: 'xy' }], 'a: points must be iterable, got string.'],
  ['a point that is null', [{ ...gauge('a'), points: [null] }], 'a: a point must be an object, got null.'],
  [
    'a value that is a text',
    [{ ...gauge('a'), points: [{ value: '1' }] }],
    'a: its value must be a number, got string.',
  ],
  ['a value that is null', [{ ...gauge('a'), points: [{ value: null }] }], 'a: its value must be a number, got null.'],
  [
    'a value that is a bigint',
    [{ ...gauge('a'), points: [{ value: 1n }] }],
    'a: its value must be a number, got bigint.',
  ],
  [
    'a label that is undefined',
    [{ ...gauge('a'), points: [{ value: 1, labels: { x: undefined } }] }],
    'a: label x must be a string, number or boolean, got undefined.',
  ],
  [
    'labels that are a list',
    [{ ...gauge('a'), points: [{ value: 1, labels: ['x'] }] }],
    'a: labels must be an object of names and values, got array.',
  ],
  [
    'a timestamp that is a date',
    [{ ...gauge('a'), points: [{ value: 1, timestamp: new Date(0) }] }],
    'a: timestamp must be a number of Unix seconds, got object.',
  ],
  [
    'a histogram without buckets',
    [
      {
        ...gauge('a'),
        type: 'histogram',
        points: [{ value: { upperBounds: [1], bucketCounts: [1], count: 1, sum: 1 } }],
      },
    ],
    'a: bucketCounts must have 2 entries, got 1.',
  ],
  [
    'a histogram whose bounds go down',
    [
      {
        ...gauge('a'),
        type: 'histogram',
        points: [{ value: { upperBounds: [2, 1], bucketCounts: [1, 1, 1], count: 3, sum: 1 } }],
      },
    ],
    'a: The upper bounds of a histogram must be finite and increasing, got 1.',
  ],
  [
    'a summary that is a number',
    [{ ...gauge('a'), type: 'summary', points: [{ value: 1 }] }],
    'a: its value must be an object, got number.',
  ],
  [
    'a state set without states',
    [{ ...gauge('a'), type: 'stateset', points: [{ value: { enabled: [] } }] }],
    'a: states must be an array, got undefined.',
  ],
];

for (const [what, value, problem] of returned) {
  test(`${what} is reported and not exposed`, async () => {
    const registry = registryWith(
      collectorOf('bad', () => value),
      collectorOf('good', () => [gauge('good')]),
    );
    assert.deepEqual(await failures(registry), [`bad: ${problem}`]);
    assert.deepEqual(await samples(registry), ['good 1']);
  });
}

test('an invalid family does not affect the others of its collector, nor an invalid point the others of its family', async () => {
  const points = [{ labels: { x: '1' }, value: 1 }, null, { labels: { x: '2' }, value: 2 }];
  const registry = registryWith(collectorOf('mixed', () => [{ ...gauge('a'), points }, 'no family', gauge('b')]));
  assert.deepEqual(await failures(registry), [
    'mixed: A family must be an object, got string.',
    'mixed: a: a point must be an object, got null.',
  ]);
  assert.deepEqual(await samples(registry), ['a{x="1"} 1', 'a{x="2"} 2', 'b 1']);
});

test('a duplicate series is exposed once, with its first value', async () => {
  const points = [
    { labels: { x: '1', y: 2 }, value: 1 },
    { labels: { y: '2', x: 1 }, value: 2 },
  ];
  const registry = registryWith(collectorOf('double', () => [{ ...gauge('a'), points }]));
  assert.deepEqual(await failures(registry), ['double: a: duplicate series [["x","1"],["y","2"]].']);
  assert.deepEqual(await samples(registry), ['a{x="1",y="2"} 1']);
});

test('an empty label equals a missing one, so such series are duplicates', async () => {
  const points = [{ value: 1 }, { labels: { x: '' }, value: 2 }];
  const registry = registryWith(collectorOf('double', () => [{ ...gauge('a'), points }]));
  assert.deepEqual(await failures(registry), ['double: a: duplicate series [].']);
  assert.deepEqual(await samples(registry), ['a 1']);
});

test('a family may have different labels in each of its series', async () => {
  const points = [{ value: 1 }, { labels: { x: 'a' }, value: 2 }, { labels: { y: 'a' }, value: 3 }];
  const registry = registryWith(collectorOf('labels', () => [{ ...gauge('a'), points }]));
  assert.deepEqual(await samples(registry), ['a 1', 'a{x="a"} 2', 'a{y="a"} 3']);
});

test('names that are special in JavaScript are allowed as labels', async () => {
  const labels = JSON.parse('{"__proto__":"x","constructor":"y"}');
  const registry = registryWith(collectorOf('labels', () => [{ ...gauge('a'), points: [{ labels, value: 1 }] }]));
  // Labels that begin with __ are the server's.
  assert.deepEqual(await samples(registry), []);
  const constructors = registryWith(collectorOf('labels', () => [gauge('a', { constructor: 'y', toString: 'z' })]));
  assert.deepEqual(await samples(constructors), ['a{constructor="y",toString="z"} 1']);
});

test('a collector without families and a family without points expose nothing', async () => {
  const registry = registryWith(
    collectorOf('none', () => []),
    collectorOf('empty', () => [{ ...gauge('a'), points: [] }]),
  );
  assert.equal(await registry.expose(), '');
  assert.deepEqual(await failures(registry), []);
});

test('a collector may return generators of families and points', async () => {
  const registry = registryWith(
    collectorOf('generator', function* () {
      yield {
        ...gauge('a'),
        points: (function* () {
          yield { labels: { x: 1 }, value: 1 };
          yield { labels: { x: 2 }, value: 2 };
        })(),
      };
    }),
  );
  assert.deepEqual(await samples(registry), ['a{x="1"} 1', 'a{x="2"} 2']);
});

test('a collector that fails midway is left out, and so is a family whose points do', async () => {
  const registry = registryWith(
    collectorOf('families', function* () {
      yield gauge('a');
      throw new Error('broken');
    }),
    collectorOf('points', () => [
      {
        ...gauge('b'),
        points: (function* () {
          yield { value: 1 };
          throw new Error('broken');
        })(),
      },
      gauge('c'),
    ]),
  );
  assert.deepEqual(await failures(registry), ['families: broken', 'points: broken']);
  assert.deepEqual(await samples(registry), ['c 1']);
});

function* endless<T>(item: (index: number) => T): Generator<T> {
  for (let index = 0; ; index++) yield item(index);
}

test('an endless iterator of families is abandoned at the limit', async () => {
  const registry = new Registry({ selfMetrics: false, maxPoints: 100 });
  registry.register(collectorOf('endless', () => endless((index) => gauge(`a${index}`))));
  registry.register(collectorOf('good', () => [gauge('good')]));
  assert.deepEqual(await failures(registry), [
    "endless: Collector endless returned more than 100 points and families; return fewer, or raise the registry's maxPoints.",
  ]);
  assert.deepEqual(await samples(registry), ['good 1']);
});

test('an endless iterator of points is abandoned at the limit of 100,000', async () => {
  const registry = registryWith(
    collectorOf('endless', () => [{ ...gauge('a'), points: endless((x) => ({ labels: { x }, value: 1 })) }]),
  );
  assert.match((await failures(registry)).join(), /^endless: Collector endless returned more than 100000 points/);
});

test('a collector may return exactly as many points as the limit', async () => {
  const registry = new Registry({ selfMetrics: false, maxPoints: 3 });
  const points = [1, 2].map((x) => ({ labels: { x }, value: x }));
  registry.register(collectorOf('enough', () => [{ ...gauge('a'), points }]));
  assert.deepEqual(await failures(registry), []);
  registry.register(
    collectorOf('more', () => [
      { ...gauge('b'), points },
      { ...gauge('c'), points: [] },
    ]),
  );
  assert.equal((await failures(registry)).length, 1);
});

for (const maxPoints of [0, -1, Number.NaN]) {
  test(`maxPoints is not ${maxPoints}`, () => {
    assert.throws(
      () => new Registry({ maxPoints }),
      new RangeError(`maxPoints must be a number of at least 1, got ${maxPoints}.`),
    );
  });
}

test('a thousand problems of a collector are reported together', async () => {
  const registry = registryWith(collectorOf('bad', () => [{ ...gauge('a'), points: Array(1000).fill(null) }]));
  const reported = await failures(registry);
  assert.equal(reported.length, 11);
  assert.equal(reported.at(-1), 'bad: 990 more errors were omitted.');
});

test('properties are read once, because getters may change', async () => {
  let looks = 0;
  const point = {
    get value() {
      return ++looks === 1 ? 1 : 'no number';
    },
  };
  const registry = registryWith(collectorOf('changing', () => [{ ...gauge('a'), points: [point] }]));
  assert.deepEqual(await samples(registry), ['a 1']);
});

test('a family may be an object with getters, such as an instance of a class', async () => {
  class Family {
    get name() {
      return 'a';
    }
    get help() {
      return '';
    }
    get type() {
      return 'gauge';
    }
    get points() {
      return [{ value: 1 }];
    }
  }
  assert.deepEqual(await samples(registryWith(collectorOf('class', () => [new Family()]))), ['a 1']);
});

for (const [what, thrown] of [
  ['an object without a prototype', Object.create(null)],
  ['undefined', undefined],
  ['a symbol', Symbol('x')],
  [
    'an object that throws again',
    {
      toString() {
        throw new Error('again');
      },
    },
  ],
] as const) {
  test(`a collector that throws ${what} is reported like any other`, async () => {
    const registry = registryWith(
      collectorOf('bad', () => {
        throw thrown;
      }),
      collectorOf('good', () => [gauge('good')]),
    );
    const { failures } = await registry.gather();
    assert.deepEqual([failures.length, failures[0]?.error instanceof Error], [1, true]);
    assert.deepEqual(await samples(registry), ['good 1']);
  });
}

const noCollectors: readonly [what: string, value: unknown][] = [
  ['null', null],
  ['a function', () => []],
  ['an object without collect()', {}],
  ['a text', 'collector'],
];

for (const [what, value] of noCollectors) {
  test(`${what} is not a collector`, () => {
    const problem = new TypeError('A collector must be an object with a method collect().');
    assert.throws(() => new Registry().register(value as Collector), problem);
  });
}

test('the name of a collector must be a string', () => {
  assert.throws(
    // @ts-expect-error wrong on purpose
    () => new Registry().register({ name: 1, collect: () => [] }),
    new TypeError("A collector's name must be a non-empty string, got 1."),
  );
});

test('a collector is registered once', () => {
  const registry = new Registry();
  const collector = collectorOf('twice', () => []);
  registry.register(collector);
  assert.throws(() => registry.register(collector), new Error('Collector twice is already registered.'));
  registry.unregister(collector);
  registry.register(collector);
  assert.equal(registry.has(collector), true);
});

test('a collector knows its deadline', async () => {
  let deadline = 0;
  const registry = registryWith(
    collectorOf('curious', (context) => {
      deadline = context.deadline;
      return [];
    }),
  );
  const before = Date.now();
  await registry.gather({ timeoutMs: 5000 });
  assert.ok(deadline >= before + 5000 && deadline <= Date.now() + 5000, String(deadline - before));
});

for (const timeoutMs of [0, -1, Number.NaN]) {
  test(`a timeout of ${timeoutMs} ms is refused`, async () => {
    await assert.rejects(
      new Registry().gather({ timeoutMs }),
      new RangeError(`timeoutMs must be a number of milliseconds above 0, got ${timeoutMs}.`),
    );
  });
}

test('collectors run at the same time', async () => {
  let running = 0;
  let most = 0;
  const collect = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return [];
  };
  await registryWith(collectorOf('a', collect), collectorOf('b', collect), collectorOf('c', collect)).gather();
  assert.equal(most, 3);
});

test('two scrapes at once are both complete', async () => {
  let calls = 0;
  const registry = registryWith(
    collectorOf('slow', async () => {
      const call = ++calls;
      await new Promise((resolve) => setImmediate(resolve));
      return [gauge('call', {}, call)];
    }),
  );
  const exposed = await Promise.all([samples(registry), samples(registry)]);
  assert.deepEqual(exposed, [['call 1'], ['call 2']]);
});

test('registering and unregistering during a scrape affects the next one', async () => {
  const registry = new Registry({ selfMetrics: false });
  const first = new Gauge({ name: 'first', help: '', registry });
  registry.register(
    collectorOf('meddling', async () => {
      registry.unregister(first);
      new Gauge({ name: 'second', help: '', registry });
      return [];
    }),
  );
  assert.deepEqual(await samples(registry), ['first 0']);
  registry.clear();
  assert.deepEqual(await samples(registry), []);
});

test('a scrape leaves no listener and no timer behind', async () => {
  const registry = registryWith(
    collectorOf('good', async () => [gauge('good')]),
    collectorOf('hanging', () => new Promise(() => {})),
  );
  const { signal } = new AbortController();
  await registry.gather({ timeoutMs: 1 }); // The first one loads the code that gathers.
  const before = timers();
  const gathering = registry.gather({ signal, timeoutMs: 5 });
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  await gathering;
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  assert.equal(timers(), before);
});

/** A metric of another implementation that updates itself asynchronously, without code of the user. */
function updatedBy(prepare: (context: CollectContext) => Promise<void>): DirectCollector {
  return {
    descriptor: { name: 'updated', help: '', type: 'gauge' },
    isPassive: true,
    isEmpty: false,
    rowCount: 0,
    prepare,
    encode: () => {},
    pin: () => {},
    unpin: () => {},
  };
}

test('a registry without collectors waits for metrics that are updated asynchronously', async () => {
  const registry = new Registry({ selfMetrics: false });
  let isUpdated = false;
  registry.register(
    updatedBy(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      isUpdated = true;
    }),
  );
  const { entries } = await registry.gather();
  assert.deepEqual([entries.length, isUpdated], [1, true]);
});

test('a registry without collectors aborts the update of a metric that is late, and leaves it out', async () => {
  const registry = new Registry({ selfMetrics: false });
  const kept = new Gauge({ name: 'kept', help: '', registry });
  let signal: AbortSignal | undefined;
  registry.register(
    updatedBy((context) => {
      ({ signal } = context);
      return new Promise(() => {});
    }),
  );
  const { entries, failures } = await registry.gather({ timeoutMs: 5 });
  assert.deepEqual(entries, [kept]);
  assert.deepEqual(failures, [{ collector: 'updated', error: new Error('Timed out after 5 ms.') }]);
  assert.equal(signal?.aborted, true);
});

test('a signal that is first read after the deadline is aborted', async () => {
  let context: CollectContext | undefined;
  const registry = registryWith(
    collectorOf('late', (given) => {
      context = given;
      return new Promise(() => {});
    }),
  );
  await registry.gather({ timeoutMs: 5 });
  assert.equal(context?.signal.aborted, true);
});

test('a scrape with an aborted signal calls the collectors but does not wait for them', async () => {
  const registry = registryWith(collectorOf('hanging', () => new Promise(() => {})));
  new Gauge({ name: 'a', help: '', registry }).set(1);
  const gathering = await registry.gather({ signal: AbortSignal.abort('gone') });
  assert.deepEqual(gathering.failures, [{ collector: 'hanging', error: new Error('gone') }]);
  assert.equal(gathering.entries.length, 1);
});

test('long checks yield to the event loop', async () => {
  const points = Array.from({ length: 50_000 }, (_, x) => ({ labels: { x, y: 'y', z: 'z' }, value: x }));
  const registry = registryWith(collectorOf('large', () => [{ ...gauge('a'), points }]));
  let turns = 0;
  const turn = () => {
    turns++;
    immediate = setImmediate(turn);
  };
  let immediate = setImmediate(turn);
  const { entries } = await registry.gather();
  clearImmediate(immediate);
  assert.equal(entries.length, 1);
  assert.ok(turns > 3, `${turns} turns of the event loop`);
});
