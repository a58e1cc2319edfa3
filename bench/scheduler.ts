/**
 * Measures the punctuality of the scheduler, the cost of ten thousand tasks, and the memory after a million runs:
 * `npm run build && npx tsx bench/scheduler.ts`.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { getHeapSnapshot, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { Cron } from 'croner';
import nodeSchedule from 'node-schedule';
import { SimpleIntervalJob, Task, ToadScheduler } from 'toad-scheduler';
import { zeroprom } from './built.ts';

const { Scheduler } = zeroprom;
const seconds = Number(process.argv[2] ?? 4);

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** One way to call functions at regular times. */
interface Contender {
  readonly name: string;
  /** Cron patterns have a resolution of a second. */
  readonly isSecondsOnly: boolean;
  begin(tasks: number, intervalMs: number, fn: () => void): Begun;
}

interface Begun {
  readonly end: () => unknown;
  /** Due times that were skipped on purpose; other schedulers do not count them. */
  readonly missed?: () => number;
}

const contenders: readonly Contender[] = [
  {
    name: 'zeroprom',
    isSecondsOnly: false,
    begin(tasks, intervalMs, fn) {
      const scheduler = new Scheduler();
      for (let i = 0; i < tasks; i++) scheduler.every(intervalMs, fn, { name: `task ${i}` });
      scheduler.start();
      const missed = () => scheduler.tasks.reduce((sum, { status }) => sum + status.counts.missed, 0);
      return { end: () => scheduler.stop(), missed };
    },
  },
  {
    name: 'setInterval',
    isSecondsOnly: false,
    begin(tasks, intervalMs, fn) {
      const timers = Array.from({ length: tasks }, () => setInterval(fn, intervalMs));
      return { end: () => timers.forEach(clearInterval) };
    },
  },
  {
    name: 'toad-scheduler',
    isSecondsOnly: false,
    begin(tasks, intervalMs, fn) {
      const scheduler = new ToadScheduler();
      for (let i = 0; i < tasks; i++) {
        scheduler.addSimpleIntervalJob(new SimpleIntervalJob({ milliseconds: intervalMs }, new Task(`task ${i}`, fn)));
      }
      return { end: () => scheduler.stop() };
    },
  },
  {
    name: 'croner',
    isSecondsOnly: true,
    begin(tasks, _intervalMs, fn) {
      const jobs = Array.from({ length: tasks }, () => new Cron('* * * * * *', fn));
      return { end: () => jobs.map((job) => job.stop()) };
    },
  },
  {
    name: 'node-schedule',
    isSecondsOnly: true,
    begin(tasks, _intervalMs, fn) {
      for (let i = 0; i < tasks; i++) nodeSchedule.scheduleJob('* * * * * *', fn);
      return { end: () => nodeSchedule.gracefulShutdown() };
    },
  },
];

const load = new Worker('for (;;);', { eval: true });

await compare(`A 20 ms grid for ${seconds} s`, 20, seconds);
await compare(`A 1 s grid for ${3 * seconds} s`, 1000, 3 * seconds);
await crowd();
await start();
await waiting();
await million();
await load.terminate();

async function compare(title: string, intervalMs: number, duration: number): Promise<void> {
  const able = contenders.filter(({ isSecondsOnly }) => !isSecondsOnly || intervalMs === 1000);
  const rows: [name: string, row: object][] = [];
  for (const contender of able) rows.push([contender.name, await punctuality(contender, intervalMs, duration)]);
  console.log(`\n${title}, with the other core busy`);
  console.table(Object.fromEntries(rows));
}

/** Lateness is relative to the grid of the first run; drift is the lateness of the last run. */
async function punctuality({ begin }: Contender, intervalMs: number, duration: number): Promise<object> {
  const ranAt: number[] = [];
  const { end, missed = () => 0 } = begin(
    1,
    intervalMs,
    () => void ranAt.push(performance.timeOrigin + performance.now()),
  );
  await sleep(duration * 1000 + intervalMs / 2);
  await end();
  const [first = 0] = ranAt;
  const late = ranAt.map((at) => at - first - intervalMs * Math.round((at - first) / intervalMs));
  const last = ranAt.at(-1) ?? 0;
  const sorted = late.map(Math.abs).sort((a, b) => a - b);
  return {
    runs: ranAt.length,
    missed: missed(),
    'drift ms': round(last - first - intervalMs * (ranAt.length - 1 + missed())),
    'p50 ms': round(quantile(sorted, 0.5)),
    'p99 ms': round(quantile(sorted, 0.99)),
  };
}

async function crowd(): Promise<void> {
  const rows: [name: string, row: object][] = [['(nothing)', { 'longest block ms': round(await longestBlock(3000)) }]];
  for (const contender of contenders) rows.push([contender.name, await tenThousand(contender)]);
  console.log('\n10,000 tasks of one second, all due at the same time');
  console.table(Object.fromEntries(rows));
}

/** Starts ten thousand tasks that are not due, and reads their statuses, as a scrape does. */
async function start(): Promise<void> {
  const idle = await longestPauses(500);
  const scheduler = new Scheduler();
  const addedAt = performance.now();
  for (let i = 0; i < 10_000; i++) scheduler.every('1h', () => {}, { name: `task ${i}`, jitter: 'hash' });
  const startedAt = performance.now();
  scheduler.start();
  const startMs = performance.now() - startedAt;
  const pauses = await longestPauses(500);
  const readAt = performance.now();
  for (const task of scheduler.tasks) void task.status;
  const readMs = performance.now() - readAt;
  await scheduler.stop();
  console.log('\nStart of 10,000 tasks');
  console.table({
    '(nothing)': idle,
    zeroprom: {
      ...pauses,
      'ms to add': round(startedAt - addedAt),
      'ms of start()': round(startMs),
      'ms to read all statuses': round(readMs),
    },
  });
}

/** Counts what tasks keep that have not run; their names are of the caller. */
async function waiting(): Promise<void> {
  const fn = () => {};
  const names = Array.from({ length: 10_000 }, (_, index) => `task ${index}`);
  const scheduler = new Scheduler();
  const bytesBefore = heapUsed();
  for (const name of names) scheduler.every('1h', fn, { name, jitter: 'hash' });
  scheduler.start();
  await sleep(500);
  const bytes = heapUsed() - bytesBefore;
  const objects = await heapObjects(); // Last: a snapshot takes memory itself.
  await scheduler.stop();
  for (const name of names) scheduler.remove(name);
  const perTask = (total: number) => round(total / names.length);
  console.log('\n10,000 tasks that have not run');
  console.table({
    zeroprom: { 'bytes per task': perTask(bytes), 'objects per task': perTask(objects - (await heapObjects())) },
  });
}

async function heapObjects(): Promise<number> {
  let head = '';
  // The number is in the first chunk; the rest must be read, too.
  for await (const chunk of getHeapSnapshot()) if (head === '') head = String(chunk);
  return Number(/"node_count":(\d+)/.exec(head)?.[1]);
}

/** Returns the longest iteration of the event loop and the longest collection of garbage, which may have had other causes. */
async function longestPauses(durationMs: number): Promise<object> {
  let collection = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collection = Math.max(collection, duration);
  });
  observer.observe({ entryTypes: ['gc'] });
  const block = await longestBlock(durationMs);
  observer.disconnect();
  return { 'longest block ms': round(block), 'longest garbage collection ms': round(collection) };
}

async function tenThousand({ begin }: Contender): Promise<object> {
  let runs = 0;
  const heapBefore = heapUsed();
  const startedAt = performance.now();
  const { end } = begin(10_000, 1000, () => void runs++);
  const addedMs = performance.now() - startedAt;
  const bytes = heapUsed() - heapBefore;
  const block = await longestBlock(3500);
  await end();
  await sleep(100);
  return {
    'longest block ms': round(block),
    'bytes per task': Math.round(bytes / 10_000),
    'ms to add': round(addedMs),
    runs,
  };
}

/** Returns the longest iteration of the event loop. */
async function longestBlock(durationMs: number): Promise<number> {
  const until = performance.now() + durationMs;
  let longest = 0;
  for (let before = performance.now(); before < until; ) {
    await nextTurn();
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
  }
  return longest;
}

async function million(): Promise<void> {
  const scheduler = new Scheduler();
  const rows: [name: string, row: object][] = [];
  const kinds = { synchronous: () => {}, asynchronous: async () => {} };
  scheduler.start();
  for (const [name, fn] of Object.entries(kinds)) {
    const task = scheduler.every('1h', fn, { name });
    for (let i = 0; i < 10_000; i++) await task.runNow();
    const heapBefore = heapUsed();
    const startedAt = performance.now();
    for (let i = 0; i < 1e6; i++) await task.runNow();
    const microseconds = (performance.now() - startedAt) / 1000;
    rows.push([name, { 'µs per run': round(microseconds), 'heap growth bytes': heapUsed() - heapBefore }]);
  }
  await scheduler.stop();
  console.log('\n1,000,000 runs of one task');
  console.table(Object.fromEntries(rows));
}

function heapUsed(): number {
  gc();
  return process.memoryUsage().heapUsed;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
