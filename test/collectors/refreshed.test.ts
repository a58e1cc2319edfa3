import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RefreshedCollector, type RefreshedOptions, refreshed } from '../../src/collectors/index.ts';
import { type CollectContext, type Collector, Gauge, type MetricFamily, Registry } from '../../src/index.ts';
import { deferred, forever, setStage, untilAborted } from '../scheduler/scheduler-fixture.ts';

type Collect = (context: CollectContext, asked: number) => ReturnType<Collector['collect']>;

/** A collector of rooms that is refreshed every 30 s, on a clock that stands still; it is asked for the first time at 0. */
function setRooms(collect: Collect, options: Partial<RefreshedOptions> = {}) {
  const stage = setStage();
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

/** Fails so often after its first success. */
function succeedThenFail(times: number): Collect {
  return (_, asked) => {
    if (asked > 1 && asked <= times + 1) throw new Error('no');
    return room(asked);
  };
}

/** The first value of each family that a scrape shows. */
function shown(collector: RefreshedCollector): Record<string, unknown> {
  return Object.fromEntries(collector.collect().map(({ name, points }) => [name, [...points][0]?.value]));
}

function temperature(collector: RefreshedCollector): unknown {
  return shown(collector)['room_celsius'];
}

test('a scrape shows the last result and does not ask the collector', async () => {
  const { clock, rooms, timesAsked } = setRooms((_, asked) => room(asked));
  await clock.advance('30s');
  assert.deepEqual([temperature(rooms), temperature(rooms), temperature(rooms)], [2, 2, 2]);
  assert.equal(timesAsked(), 2);
});

test('a scrape while a refresh is under way shows the result before', async () => {
  const { promise, resolve } = deferred();
  const { clock, rooms } = setRooms((_, asked) => (asked === 1 ? room(1) : promise.then(() => room(2))));
  await clock.advance('35s');
  assert.equal(temperature(rooms), 1);
  resolve();
  await clock.advance(0);
  assert.equal(temperature(rooms), 2);
});

test('a registry shows it as it shows any collector, and its help says that it is cached', async () => {
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

test('the help follows a new interval', async () => {
  const { clock, rooms } = setRooms(() => room(21));
  await clock.advance(0);
  rooms.task.reschedule('5m');
  assert.equal(rooms.collect()[0]?.help, 'Temperatures. (cached, refreshed every 5m)');
});

test('several of them fit into one registry', async () => {
  const { clock, scheduler, rooms } = setRooms(() => room(21));
  const registry = new Registry();
  registry.register(rooms);
  registry.register(refreshed({ collect: () => [] }, { scheduler, every: '1h', name: 'houses' }));
  await clock.advance('1s');
  const text = await registry.expose();
  assert.match(text, /^rooms_age_seconds 1$/m);
  assert.match(text, /^houses_age_seconds 1$/m);
});

test('before the first success there is the age, and a last success of 0', async () => {
  const { clock, rooms } = setRooms(untilAborted);
  await clock.advance('10s');
  assert.deepEqual(shown(rooms), { rooms_age_seconds: 10, rooms_last_success_timestamp_seconds: 0 });
});

test('the age counts from the end of the refresh, by a clock that is not set', async () => {
  const { clock, rooms } = setRooms(() => {
    clock.block('2s');
    return room(21);
  });
  await clock.advance('7s');
  clock.setWall(0);
  assert.equal(shown(rooms)['rooms_age_seconds'], 5);
});

test('points that can be walked once are shown again and again', async () => {
  function* points() {
    yield { value: 1 };
  }
  const { clock, rooms } = setRooms(() => [{ name: 'room_celsius', help: 'T.', type: 'gauge', points: points() }]);
  await clock.advance(0);
  assert.deepEqual([temperature(rooms), temperature(rooms)], [1, 1]);
});

test('the collector is given a signal and a deadline', async () => {
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

test('semantic 6: by default the last result is kept while refreshes fail, until it is stale', async () => {
  const { clock, rooms } = setRooms(succeedThenFail(99));
  await clock.advance('2m');
  assert.equal(temperature(rooms), 1);
  await clock.advance('1ms');
  assert.equal(temperature(rooms), undefined);
});

test('semantic 6: drop shows nothing from the first failure on, until a refresh succeeds', async () => {
  const { clock, rooms } = setRooms(succeedThenFail(2), { onError: 'drop' });
  await clock.advance('29s');
  assert.equal(temperature(rooms), 1);
  await clock.advance('1s');
  assert.equal(temperature(rooms), undefined);
  await clock.advance('1m');
  assert.equal(temperature(rooms), 4);
});

test('semantic 6: keepFor counts from the first failure after the last success', async () => {
  const { clock, rooms } = setRooms(succeedThenFail(99), { onError: { keepFor: '40s' } });
  await clock.advance('69s');
  assert.equal(temperature(rooms), 1);
  await clock.advance('1s');
  assert.equal(temperature(rooms), undefined);
});

test('semantic 6: a success ends the time that keepFor counts', async () => {
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

test('semantic 6: keepFor does not outlast staleAfter', async () => {
  const options = { onError: { keepFor: '1h' }, staleAfter: '31s' } as const;
  const { clock, rooms } = setRooms(succeedThenFail(99), options);
  await clock.advance('32s');
  assert.equal(temperature(rooms), undefined);
});

test('semantic 6: a refresh that takes too long has failed, and what it returns after all is not shown', async () => {
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

test('semantic 6: the failures of another task change nothing', async () => {
  const { clock, scheduler, rooms } = setRooms(() => room(1), { onError: 'drop' });
  scheduler.every('1s', () => Promise.reject(new Error('no')), { name: 'other' });
  await clock.advance('5s');
  assert.equal(temperature(rooms), 1);
});

test('a result is not shown for longer than staleAfter, though nothing failed', async () => {
  const { clock, rooms } = setRooms(() => room(1), { staleAfter: '45s' });
  await clock.advance(0);
  rooms.task.pause();
  await clock.advance('45s');
  assert.equal(temperature(rooms), 1);
  await clock.advance('1ms');
  assert.equal(temperature(rooms), undefined);
});

test('without staleAfter a result is shown for two intervals and a minute', async () => {
  const { clock, rooms } = setRooms(() => room(1), { every: '1h' });
  await clock.advance(0);
  rooms.task.pause();
  await clock.advance('2h1m');
  assert.equal(temperature(rooms), 1);
  await clock.advance('1ms');
  assert.equal(temperature(rooms), undefined);
});

test('with staleAfter false a result is shown for ever', async () => {
  const { clock, rooms } = setRooms(() => room(1), { staleAfter: false });
  await clock.advance(0);
  rooms.task.pause();
  await clock.advance('1y');
  assert.equal(temperature(rooms), 1);
});

test('a collector that never answers is not asked a second time, and its task is stuck', async () => {
  const { clock, rooms, timesAsked } = setRooms(forever);
  await clock.advance('1h');
  assert.equal(timesAsked(), 1);
  assert.equal(rooms.task.status.state, 'stuck');
});

test('a refresh that fails is no failure of the scrape: the task tells of it', async () => {
  const registry = new Registry();
  const error = new Error('no');
  const { clock, rooms } = setRooms(() => Promise.reject(error));
  registry.register(rooms);
  await clock.advance('30s');
  assert.match(await registry.expose(), /^zeroprom_collector_success\{collector="rooms"\} 1$/m);
  assert.equal(rooms.task.status.consecutiveFailures, 2);
  assert.equal(rooms.task.status.lastError, error);
});

test('a collector that returns what is no family has failed', async () => {
  // A caller without types may return anything.
  const { clock, rooms } = setRooms(() => [null] as unknown as MetricFamily[]);
  await clock.advance(0);
  assert.equal(rooms.task.status.counts.error, 1);
  assert.equal(rooms.collect().length, 2);
});

test('readyAfterFirstSuccess makes its task ready with the first result', async () => {
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

test('retries are those of the task', async () => {
  const collect: Collect = (_, asked) => {
    if (asked === 1) throw new Error('no');
    return room(asked);
  };
  const { clock, rooms } = setRooms(collect, { retry: { attempts: 1, min: '2s', jitter: 'none' } });
  await clock.advance('2s');
  assert.equal(temperature(rooms), 2);
});

test('its task is one of the scheduler, by its name', () => {
  const { scheduler, rooms } = setRooms(() => room(1), { name: 'other_rooms' });
  assert.equal(scheduler.task('other_rooms'), rooms.task);
  assert.equal(rooms.name, 'other_rooms');
});

test('stop() takes the task out and shows no data any more', async () => {
  const { clock, scheduler, rooms, timesAsked } = setRooms(() => room(1), { staleAfter: false });
  await clock.advance(0);
  rooms.stop();
  await clock.advance('1h');
  assert.equal(timesAsked(), 1);
  assert.equal(scheduler.task('rooms'), undefined);
  assert.equal(temperature(rooms), undefined);
});

test('the result of a refresh that was under way when stop() was called is not shown', async () => {
  const { promise, resolve } = deferred();
  const { clock, rooms } = setRooms(() => promise.then(() => room(1)));
  await clock.advance('1s');
  rooms.stop();
  resolve();
  await clock.advance('1s');
  assert.equal(temperature(rooms), undefined);
});

test('stop() leaves another one alone that has taken the name since', async () => {
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
    'a name that no metric can have',
    { name: 'disk-usage' },
    new RangeError(
      'The name of a refreshed collector must be a valid start of metric names, such as disk_usage, got "disk-usage".',
    ),
  ],
  [
    'a staleAfter that leaves gaps',
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
    'a keepFor that is no duration',
    { onError: { keepFor: '-1s' } },
    new RangeError(
      "The keepFor of collector rooms must be a duration such as '1m30s', got '-1s': expected numbers with units.",
    ),
  ],
];

for (const [what, options, error] of refused) {
  test(`refreshed() refuses ${what}, and schedules nothing`, () => {
    const { scheduler } = setStage();
    const given = { scheduler, every: '30s', name: 'rooms', ...options };
    assert.throws(() => refreshed({ collect: () => room(1) }, given), error);
    assert.deepEqual(scheduler.tasks, []);
  });
}

test('refreshed() refuses a metric, which has nothing to ask for', () => {
  const { scheduler } = setStage();
  const metric = new Gauge({ name: 'celsius', help: 'T.', registry: null });
  assert.throws(
    // @ts-expect-error a metric is no Collector
    () => refreshed(metric, { scheduler, every: '30s', name: 'rooms' }),
    new TypeError('A collector must have a method collect().'),
  );
});
