import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RefreshedCollector, type RefreshedOptions, refreshed } from '../../src/collectors/index.ts';
import { type CollectContext, type Collector, Gauge, type MetricFamily, Registry } from '../../src/index.ts';
import { deferred, forever, setUpScheduler, untilAborted } from '../scheduler/scheduler-fixture.ts';

type Collect = (context: CollectContext, asked: number) => ReturnType<Collector['collect']>;

/** A refreshed collector of rooms with an interval of 30 s and a manual clock; its first refresh is at 0. */
function setRooms(collect: Collect, options: Partial<RefreshedOptions> = {}) {
  const stage = setUpScheduler();
  let asked = 0;
  const collector: Collector = { name: 'rooms', collect: (context) => collect(context, ++asked) };
  const rooms = refreshed(collector, { scheduler: stage.scheduler, every: '30s', ...options });
  stage.scheduler.start();
  return { ...stage, rooms, timesAsked: () => asked };
}

function room(value: number): MetricFamily[] {
  return [
    { name: 'room_celsius', help: 'Temperatures.', type: 'gauge', points: [{ labels: { room: 'hall' }, value }] },
  ];
}

/** Fails this many times after its first success. */
function succeedThenFail(times: number): Collect {
  return (_, asked) => {
    if (asked > 1 && asked <= times + 1) throw new Error('no');
    return room(asked);
  };
}

/** The first value of each exposed family. */
function shown(collector: RefreshedCollector): Record<string, unknown> {
  return Object.fromEntries(collector.collect().map(({ name, points }) => [name, [...points][0]?.value]));
}

function temperature(collector: RefreshedCollector): unknown {
  return shown(collector)['room_celsius'];
}

test('a scrape exposes the last result and does not call the collector', async () => {
  const { clock, rooms, timesAsked } = setRooms((_, asked) => room(asked));
  await clock.advance('30s');
  assert.deepEqual([temperature(rooms), temperature(rooms), temperature(rooms)], [2, 2, 2]);
  assert.equal(timesAsked(), 2);
});

test('a scrape during a refresh exposes the previous result', async () => {
  const { promise, resolve } = deferred();
  const { clock, rooms } = setRooms((_, asked) => (asked === 1 ? room(1) : promise.then(() => room(2))));
  await clock.advance('35s');
  assert.equal(temperature(rooms), 1);
  resolve();
  await clock.advance(0);
  assert.equal(temperature(rooms), 2);
});

test('a registry exposes it like any collector, and its help texts say that it is cached', async () => {
  const registry = new Registry({ selfMetrics: false });
  const { clock, rooms } = setRooms(() => room(21));
  registry.register(rooms);
  await clock.advance('1500ms');
  assert.equal(
    await registry.expose(),
    `# HELP room_celsius Temperatures. (cached, refreshed every 30s)
# TYPE room_celsius gauge
room_celsius{room="hall"} 21
# HELP rooms_age_seconds Time since the last successful refresh of rooms in seconds; before the first, since its creation.
# TYPE rooms_age_seconds gauge
rooms_age_seconds 1.5
# HELP rooms_last_success_timestamp_seconds Unix time of the last successful refresh of rooms in seconds; 0 before the first.
# TYPE rooms_last_success_timestamp_seconds gauge
rooms_last_success_timestamp_seconds 1577836800
`,
  );
});

test('the help texts follow a new interval', async () => {
  const { clock, rooms } = setRooms(() => room(21));
  await clock.advance(0);
  rooms.task.reschedule('5m');
  assert.equal(rooms.collect()[0]?.help, 'Temperatures. (cached, refreshed every 5m)');
});

test('one registry can have several of them', async () => {
  const { clock, scheduler, rooms } = setRooms(() => room(21));
  const registry = new Registry();
  registry.register(rooms);
  registry.register(refreshed({ collect: () => [] }, { scheduler, every: '1h', name: 'houses' }));
  await clock.advance('1s');
  const text = await registry.expose();
  assert.match(text, /^rooms_age_seconds 1$/m);
  assert.match(text, /^houses_age_seconds 1$/m);
});

test('before the first success there are an age and a last success of 0', async () => {
  const { clock, rooms } = setRooms(untilAborted);
  await clock.advance('10s');
  assert.deepEqual(shown(rooms), { rooms_age_seconds: 10, rooms_last_success_timestamp_seconds: 0 });
});

test('the age counts from the end of the refresh and does not depend on the system time', async () => {
  const { clock, rooms } = setRooms(() => {
    clock.block('2s');
    return room(21);
  });
  await clock.advance('7s');
  clock.setWall(0);
  assert.equal(shown(rooms)['rooms_age_seconds'], 5);
});

test('points from a generator are exposed by every scrape', async () => {
  function* points() {
    yield { value: 1 };
  }
  const { clock, rooms } = setRooms(() => [{ name: 'room_celsius', help: 'T.', type: 'gauge', points: points() }]);
  await clock.advance(0);
  assert.deepEqual([temperature(rooms), temperature(rooms)], [1, 1]);
});

test('the collector receives a signal and a deadline', async () => {
  let given: CollectContext | undefined;
  const { clock } = setRooms((context) => {
    given = context;
    return untilAborted(context);
  });
  await clock.advance('10s');
  assert.equal(given?.deadline, clock.wall() + 20_000);
  assert.equal(given?.signal.aborted, false);
  await clock.advance('20s');
  assert.equal(given?.signal.aborted, true);
});

test('by default the last result is kept while refreshes fail, until it is stale', async () => {
  const { clock, rooms } = setRooms(succeedThenFail(99));
  await clock.advance('2m');
  assert.equal(temperature(rooms), 1);
  await clock.advance('1ms');
  assert.equal(temperature(rooms), undefined);
});

test('drop exposes nothing from the first failure until a refresh succeeds', async () => {
  const { clock, rooms } = setRooms(succeedThenFail(2), { onError: 'drop' });
  await clock.advance('29s');
  assert.equal(temperature(rooms), 1);
  await clock.advance('1s');
  assert.equal(temperature(rooms), undefined);
  await clock.advance('1m');
  assert.equal(temperature(rooms), 4);
});

test('keepFor counts from the first failure after the last success', async () => {
  const { clock, rooms } = setRooms(succeedThenFail(99), { onError: { keepFor: '40s' } });
  await clock.advance('69s');
  assert.equal(temperature(rooms), 1);
  await clock.advance('1s');
  assert.equal(temperature(rooms), undefined);
});

test('a success resets the time of keepFor', async () => {
  const { clock, rooms } = setRooms(
    (_, asked) => {
      if (asked % 2 === 0) throw new Error('no');
      return room(asked);
    },
    { onError: { keepFor: '40s' } },
  );
  await clock.advance('3m59s');
  assert.equal(temperature(rooms), 7);
});

test('keepFor does not extend staleAfter', async () => {
  const options = { onError: { keepFor: '1h' }, staleAfter: '31s' } as const;
  const { clock, rooms } = setRooms(succeedThenFail(99), options);
  await clock.advance('32s');
  assert.equal(temperature(rooms), undefined);
});

test('a refresh that times out has failed, and its late result is not exposed', async () => {
  const { promise, resolve } = deferred();
  const { clock, rooms } = setRooms((_, asked) => (asked === 1 ? room(1) : promise.then(() => room(2))), {
    onError: 'drop',
    timeout: '5s',
  });
  await clock.advance('34s');
  assert.equal(temperature(rooms), 1);
  await clock.advance('1s');
  assert.equal(temperature(rooms), undefined);
  resolve();
  await clock.advance(0);
  assert.equal(temperature(rooms), undefined);
  assert.equal(shown(rooms)['rooms_last_success_timestamp_seconds'], clock.wall() / 1000 - 35);
});

test('failures of another task have no effect', async () => {
  const { clock, scheduler, rooms } = setRooms(() => room(1), { onError: 'drop' });
  scheduler.every('1s', () => Promise.reject(new Error('no')), { name: 'other' });
  await clock.advance('5s');
  assert.equal(temperature(rooms), 1);
});

test('a result is not exposed for longer than staleAfter, even if nothing failed', async () => {
  const { clock, rooms } = setRooms(() => room(1), { staleAfter: '45s' });
  await clock.advance(0);
  rooms.task.pause();
  await clock.advance('45s');
  assert.equal(temperature(rooms), 1);
  await clock.advance('1ms');
  assert.equal(temperature(rooms), undefined);
});

test('by default a result is exposed for two intervals and a minute', async () => {
  const { clock, rooms } = setRooms(() => room(1), { every: '1h' });
  await clock.advance(0);
  rooms.task.pause();
  await clock.advance('2h1m');
  assert.equal(temperature(rooms), 1);
  await clock.advance('1ms');
  assert.equal(temperature(rooms), undefined);
});

test('with staleAfter false a result does not become stale', async () => {
  const { clock, rooms } = setRooms(() => room(1), { staleAfter: false });
  await clock.advance(0);
  rooms.task.pause();
  await clock.advance('1y');
  assert.equal(temperature(rooms), 1);
});

test('a collector that never returns is not called a second time, and its task is stuck', async () => {
  const { clock, rooms, timesAsked } = setRooms(forever);
  await clock.advance('1h');
  assert.equal(timesAsked(), 1);
  assert.equal(rooms.task.status.state, 'stuck');
});

test('a failed refresh does not fail the scrape; the task reports it', async () => {
  const registry = new Registry();
  const error = new Error('no');
  const { clock, rooms } = setRooms(() => Promise.reject(error));
  registry.register(rooms);
  await clock.advance('30s');
  assert.match(await registry.expose(), /^zeroprom_collector_success\{collector="rooms"\} 1$/m);
  assert.equal(rooms.task.status.consecutiveFailures, 2);
  assert.equal(rooms.task.status.lastError, error);
});

test('a collector that does not return families has failed', async () => {
  // JavaScript code may return anything.
  const { clock, rooms } = setRooms(() => [null] as unknown as MetricFamily[]);
  await clock.advance(0);
  assert.equal(rooms.task.status.counts.error, 1);
  assert.equal(rooms.collect().length, 2);
});

test('with readyAfterFirstSuccess the task is ready after the first result', async () => {
  const { clock, rooms } = setRooms(
    (_, asked) => {
      if (asked === 1) throw new Error('no');
      return room(1);
    },
    { readyAfterFirstSuccess: true },
  );
  await clock.advance('1s');
  assert.equal(rooms.task.status.isReady, false);
  await clock.advance('30s');
  assert.equal(rooms.task.status.isReady, true);
});

test('retry is passed on to the task', async () => {
  const collect: Collect = (_, asked) => {
    if (asked === 1) throw new Error('no');
    return room(asked);
  };
  const { clock, rooms } = setRooms(collect, { retry: { attempts: 1, min: '2s', jitter: 'none' } });
  await clock.advance('2s');
  assert.equal(temperature(rooms), 2);
});

test('the scheduler has its task by name', () => {
  const { scheduler, rooms } = setRooms(() => room(1), { name: 'other_rooms' });
  assert.equal(scheduler.task('other_rooms'), rooms.task);
  assert.equal(rooms.name, 'other_rooms');
});

test('stop() removes the task and exposes no more data', async () => {
  const { clock, scheduler, rooms, timesAsked } = setRooms(() => room(1), { staleAfter: false });
  await clock.advance(0);
  rooms.stop();
  await clock.advance('1h');
  assert.equal(timesAsked(), 1);
  assert.equal(scheduler.task('rooms'), undefined);
  assert.equal(temperature(rooms), undefined);
});

test('the result of a refresh in flight when stop() is called is not exposed', async () => {
  const { promise, resolve } = deferred();
  const { clock, rooms } = setRooms(() => promise.then(() => room(1)));
  await clock.advance('1s');
  rooms.stop();
  resolve();
  await clock.advance('1s');
  assert.equal(temperature(rooms), undefined);
});

test('stop() does not affect a later one with the same name', async () => {
  const { clock, scheduler, rooms } = setRooms(() => room(1));
  rooms.stop();
  const successor = refreshed({ name: 'rooms', collect: () => room(2) }, { scheduler, every: '30s' });
  rooms.stop();
  await clock.advance('1s');
  assert.equal(temperature(successor), 2);
});

const refused: readonly (readonly [what: string, options: object, error: Error])[] = [
  [
    'no name',
    { name: undefined },
    new TypeError("A refreshed collector must have a name: { name: 'disk_usage', ... }."),
  ],
  [
    'a name that is not valid in metric names',
    { name: 'disk-usage' },
    new RangeError(
      'The name of a refreshed collector must be a valid start of metric names, such as disk_usage, got "disk-usage".',
    ),
  ],
  [
    'a staleAfter that is not longer than the interval',
    { staleAfter: '30s' },
    new RangeError('The staleAfter of collector rooms must be longer than its interval, got 30s.'),
  ],
  ['no interval', { every: 0 }, new RangeError('The interval of task rooms must be greater than 0, got 0.')],
  [
    'an unknown onError',
    { onError: 'ignore' },
    new RangeError('The onError of collector rooms must be keep, drop or { keepFor }, got ignore.'),
  ],
  [
    'null for onError',
    { onError: null },
    new RangeError('The onError of collector rooms must be keep, drop or { keepFor }, got null.'),
  ],
  [
    'a keepFor that is not a duration',
    { onError: { keepFor: '-1s' } },
    new RangeError(
      "The keepFor of collector rooms must be a duration such as '1m30s', got '-1s': expected numbers with units.",
    ),
  ],
];

for (const [what, options, error] of refused) {
  test(`refreshed() rejects ${what} and schedules nothing`, () => {
    const { scheduler } = setUpScheduler();
    const given = { scheduler, every: '30s', name: 'rooms', ...options };
    assert.throws(() => refreshed({ collect: () => room(1) }, given), error);
    assert.deepEqual(scheduler.tasks, []);
  });
}

test('refreshed() rejects a metric, which has no collect()', () => {
  const { scheduler } = setUpScheduler();
  const metric = new Gauge({ name: 'celsius', help: 'T.', registry: null });
  assert.throws(
    // @ts-expect-error a metric is not a Collector
    () => refreshed(metric, { scheduler, every: '30s', name: 'rooms' }),
    new TypeError('A collector must have a method collect().'),
  );
});

for (const missing of [undefined, null]) {
  test(`refreshed() rejects ${missing} as the collector or the scheduler`, () => {
    const { scheduler } = setUpScheduler();
    const collector = { name: 'rooms', collect: () => room(1) };
    assert.throws(
      // @ts-expect-error a collector is missing, as in JavaScript
      () => refreshed(missing, { scheduler, every: '30s' }),
      new TypeError('A collector must have a method collect().'),
    );
    assert.throws(
      // @ts-expect-error a scheduler is missing, as in JavaScript
      () => refreshed(collector, { scheduler: missing, every: '30s' }),
      new TypeError(`The scheduler of refreshed() must be a Scheduler, got ${missing}.`),
    );
  });
}
