import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Scheduler } from '../../src/scheduler/index.ts';

const source = import.meta.resolve('../../src/scheduler/index.js');

/** Runs a program that uses the scheduler in its own process. */
function run(program: string, ...flags: string[]): ChildProcess & { readonly lines: string[] } {
  const code = `import { Scheduler } from ${JSON.stringify(source)};\n${program}`;
  const args = [...flags, '--input-type=module', '-e', code];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return Object.assign(child, { lines });
}

async function exitCode(child: ChildProcess): Promise<number> {
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return code;
}

async function line(child: { readonly lines: string[] }, count: number): Promise<void> {
  while (child.lines.length < count) await sleep(5);
}

const exits: readonly (readonly [what: string, program: string])[] = [
  [
    'unref lets the process exit while tasks are scheduled',
    `const scheduler = new Scheduler({ unref: true });
     scheduler.every('1h', () => {}, { name: 'a' });
     scheduler.start();`,
  ],
  [
    'unref can be set for a task',
    `const scheduler = new Scheduler();
     scheduler.every('1h', () => {}, { name: 'a', unref: true });
     scheduler.start();`,
  ],
  [
    'stop() lets the process exit, whatever a function that ignores its signal does',
    `const scheduler = new Scheduler();
     const task = scheduler.every('1h', () => new Promise(() => {}), { name: 'a', timeout: false });
     scheduler.start();
     void task.runNow();
     await scheduler.stop({ timeout: '10ms' });`,
  ],
  [
    'a scheduler that is not started does not keep the process alive',
    `new Scheduler().every('1h', () => {}, { name: 'a' });`,
  ],
];

for (const [what, program] of exits) {
  test(`${what}`, async () => assert.equal(await exitCode(run(program)), 0));
}

test('without unref scheduled tasks keep the process alive', async () => {
  const child = run(`
    const scheduler = new Scheduler();
    scheduler.every('1h', () => console.log('ran'), { name: 'a', immediate: true });
    scheduler.every('1h', () => {}, { name: 'b', unref: true });
    scheduler.start();`);
  await line(child, 1);
  await sleep(100);
  assert.equal(child.exitCode, null);
  child.kill();
  await once(child, 'close');
});

test('a process that was suspended for a second catches up with one run', async () => {
  const child = run(`
    const scheduler = new Scheduler();
    const task = scheduler.every(100, ({ run }) => {
      const dueAt = performance.now() - run.lagMs;
      console.log(JSON.stringify({ ...run, dueAt, missed: task.status.counts.missed }));
    }, { name: 'a' });
    scheduler.start();`);
  await line(child, 3);
  child.kill('SIGSTOP');
  await sleep(1050);
  const before = child.lines.length;
  child.kill('SIGCONT');
  await line(child, before + 3);
  child.kill();
  await once(child, 'close');
  const runs = child.lines.map((text) => JSON.parse(text));
  const index = runs.findIndex(({ lagMs }) => lagMs > 500);
  const catchUp = runs[index];
  const after = runs.slice(index + 1);
  // It lags by the time of the suspension, which a busy machine prolongs.
  const missed = catchUp.missed - runs[index - 1].missed;
  assert.ok(missed >= 8 && Math.abs(missed - catchUp.lagMs / 100) < 2, `missed ${missed} in ${catchUp.lagMs} ms`);
  assert.ok(after.length >= 2);
  for (const { dueAt } of after) {
    const sinceMs = dueAt - catchUp.dueAt;
    assert.ok(sinceMs > catchUp.lagMs, 'the runs after it have become due after it');
    assert.ok(Math.abs(sinceMs - Math.round(sinceMs / 100) * 100) < 25, `${sinceMs} ms are on the grid`);
  }
});

test('a failing task does not crash the process', async () => {
  const child = run(
    `
    const scheduler = new Scheduler();
    scheduler.every('1h', () => { throw null; }, { name: 'a', immediate: true });
    scheduler.every('1h', async () => { throw 1; }, { name: 'b', immediate: true });
    scheduler.every('1h', () => scheduler.stop(), { name: 'c', immediate: '20ms' });
    scheduler.on('run:start', async () => { throw new Error('broken listener'); });
    scheduler.start();`,
    '--no-warnings',
  );
  assert.equal(await exitCode(child), 0);
});

test('a 20 ms grid has not drifted after a second', async () => {
  const scheduler = new Scheduler();
  let steps = 0;
  let missedNow = 0;
  const offsets: number[] = [];
  const task = scheduler.every(
    20,
    ({ run }) => {
      steps = run.number + task.status.counts.missed;
      // A run that replaces missed due times was due at the first of them.
      offsets.push(performance.now() - run.lagMs - startedAt - (steps - missedNow) * 20);
      missedNow = 0;
    },
    { name: 'grid' },
  );
  scheduler.on('run:miss', ({ missed }) => {
    missedNow = missed;
  });
  const startedAt = performance.now();
  scheduler.start();
  await sleep(1010);
  await scheduler.stop();
  assert.ok(steps >= 49, `${steps} steps of the grid`);
  // On a busy processor the grid begins later than `startedAt`, and single runs are late, so minima are compared.
  const drift = Math.min(...offsets.slice(-10)) - Math.min(...offsets.slice(0, 10));
  assert.ok(Math.abs(drift) < 5, `drift of ${drift} ms after ${steps} steps`);
});

test("no listener is left on a run's signal", async () => {
  const scheduler = new Scheduler();
  const signals: AbortSignal[] = [];
  const fn = async ({ signal }: { signal: AbortSignal }) => {
    signals.push(signal);
    await sleep(1);
  };
  const task = scheduler.every('1h', fn, { name: 'a', retry: { attempts: 2 } });
  scheduler.start();
  await task.runNow();
  await scheduler.stop();
  assert.deepEqual(
    signals.map((signal) => getEventListeners(signal, 'abort').length),
    [0],
  );
});

test('a hundred thousand runs do not grow the heap', async () => {
  const child = run(
    `
    const scheduler = new Scheduler();
    const task = scheduler.every('1h', async ({ signal }) => void signal, { name: 'a' });
    scheduler.start();
    const runs = async (count) => { for (let i = 0; i < count; i++) await task.runNow(); };
    await runs(5000);
    gc();
    const before = process.memoryUsage().heapUsed;
    await runs(100_000);
    gc();
    console.log(process.memoryUsage().heapUsed - before);
    await scheduler.stop();`,
    '--expose-gc',
  );
  assert.equal(await exitCode(child), 0);
  assert.ok(Number(child.lines[0]) < 200_000, `grew by ${child.lines[0]} bytes`);
});
