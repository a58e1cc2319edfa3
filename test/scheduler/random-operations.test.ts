import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scheduler, Task } from '../../src/scheduler/index.ts';
import { generator, pick, type Random } from '../random.ts';
import { type Behavior, ModelTask } from './model-task.ts';
import { setUpScheduler } from './scheduler-fixture.ts';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const rounds = Number(process.env['ROUNDS'] ?? 40);

for (let round = 0; round < rounds; round++) {
  test(`after random operations, tasks have run like their models (SEED=${seed}, round ${round})`, async () => {
    const play = new Play(seed + round);
    for (let step = 0; step < 120; step++) await play.step();
    await play.finish();
  });
}

interface Pair {
  readonly task: Task;
  readonly model: ModelTask;
  readonly startedAt: number[];
}

/** Performs the same operations on a scheduler and on models of its tasks, and compares them after each. */
class Play {
  readonly #random: Random;
  readonly #fixture = setUpScheduler({ maxConcurrent: Number.POSITIVE_INFINITY });
  readonly #pairs: Pair[] = [];
  readonly #done: string[] = [];
  #names = 0;

  constructor(seed: number) {
    this.#random = generator(seed);
    this.#scheduler.start();
  }

  async step(): Promise<void> {
    const [name, operation] = pick(this.#random, this.#operations);
    this.#done.push(`${name} @${this.#now}`);
    await operation();
    await this.#advance(0);
    this.#compare();
  }

  async finish(): Promise<void> {
    await this.#restart();
    this.#compare();
  }

  get #scheduler(): Scheduler {
    return this.#fixture.scheduler;
  }

  get #now(): number {
    return this.#fixture.clock.now();
  }

  // Multiples of 100 ms; durations of functions are odd, so that no two events of a task coincide.
  readonly #operations: readonly (readonly [name: string, operation: () => unknown])[] = [
    ['advance', () => this.#advance(this.#whole(1, 50) * 100)],
    ['advance', () => this.#advance(this.#whole(1, 5) * 100)],
    ['advance', () => this.#advance(this.#whole(1, 5) * 100)],
    ['block', () => this.#block(this.#whole(1, 60) * 100)],
    ['add', () => this.#add()],
    ['remove', () => this.#remove()],
    ['pause', () => this.#with(({ task, model }) => [task.pause(), model.pause()])],
    ['resume', () => this.#with(({ task, model }) => [task.resume(), model.resume(this.#now)])],
    ['resume', () => this.#with(({ task, model }) => [task.resume(), model.resume(this.#now)])],
    ['runNow', () => this.#with(({ task, model }) => [void task.runNow(), model.runNow(this.#now)])],
    ['reschedule', () => this.#with((pair) => this.#reschedule(pair, this.#whole(1, 20) * 100))],
    ['restart', () => this.#chance(0.2) && this.#restart()],
  ];

  async #advance(ms: number): Promise<void> {
    await this.#fixture.clock.advance(ms);
    for (const { model } of this.#pairs) model.advanceTo(this.#now);
  }

  async #block(ms: number): Promise<void> {
    if (this.#pairs.some(({ model }) => model.isBusy)) return;
    this.#fixture.clock.block(ms);
    await this.#fixture.clock.advance(0);
    for (const { model } of this.#pairs) model.advanceTo(this.#now, true);
  }

  async #restart(): Promise<void> {
    const stopped = this.#scheduler.stop({ timeout: 0 });
    for (const { model } of this.#pairs) model.stop(this.#now);
    await this.#advance(200);
    this.#compare();
    await stopped;
    this.#scheduler.start();
    for (const { model } of this.#pairs) model.start(this.#now);
    await this.#advance(0);
  }

  #add(): void {
    if (this.#pairs.length >= 6) return;
    const behavior = this.#behavior();
    const startedAt: number[] = [];
    const { intervalMs, timeoutMs, abandonAfterMs, durationMs: _, fails: __, ...options } = behavior;
    const fn = () => {
      startedAt.push(this.#now);
      return this.#work(behavior);
    };
    this.#names++;
    const name = `task ${this.#names}`;
    this.#done.push(`${name}: ${JSON.stringify(behavior)}`);
    const task = this.#scheduler.every(intervalMs, fn, {
      ...options,
      name,
      timeout: timeoutMs,
      abandonAfter: abandonAfterMs,
    });
    this.#pairs.push({ task, startedAt, model: new ModelTask(behavior, this.#now) });
  }

  #work({ durationMs, fails }: Behavior): Promise<void> | undefined {
    if (durationMs === 0 && fails) throw new Error('failed');
    if (durationMs === 0) return undefined;
    return new Promise((resolve, reject) => {
      this.#fixture.clock.setTimeout(() => (fails ? reject(new Error('failed')) : resolve()), durationMs);
    });
  }

  #remove(): void {
    if (this.#chance(0.5)) return;
    const [pair] = this.#pairs.splice(this.#whole(0, Math.max(0, this.#pairs.length - 1)), 1);
    if (pair) this.#scheduler.remove(pair.task.name);
  }

  #reschedule({ task, model }: Pair, intervalMs: number): void {
    task.reschedule(intervalMs);
    model.reschedule(intervalMs, this.#now);
  }

  #with(operation: (pair: Pair) => unknown): void {
    if (this.#pairs.length > 0) operation(pick(this.#random, this.#pairs));
  }

  #behavior(): Behavior {
    return {
      intervalMs: this.#whole(1, 20) * 100,
      immediate: this.#chance(0.5),
      overlap: pick(this.#random, ['skip', 'queue', 'abort']),
      durationMs: this.#chance(0.4) ? 0 : this.#whole(0, 30) * 100 + 7,
      fails: this.#chance(0.3),
      timeoutMs: this.#whole(1, 20) * 100 + 31,
      abandonAfterMs: this.#whole(0, 10) * 100 + 3,
      maxAbandoned: this.#whole(1, 3),
    };
  }

  #compare(): void {
    for (const { task, model, startedAt } of this.#pairs) {
      const { counts, state, abandonedRuns, nextRunAt } = task.status;
      const nextDueAt = nextRunAt === undefined ? undefined : nextRunAt - this.#fixture.clock.wall() + this.#now;
      const actual = { startedAt, counts, state, abandonedRuns, nextDueAt };
      const expected = {
        startedAt: model.startedAt,
        counts: model.counts,
        state: model.state,
        abandonedRuns: model.abandonedRuns,
        nextDueAt: model.nextDueAt,
      };
      assert.deepEqual(actual, expected, `SEED=${seed}: ${task.name} after\n${this.#done.join('\n')}`);
    }
  }

  #whole(min: number, max: number): number {
    return min + this.#random(max - min + 1);
  }

  #chance(probability: number): boolean {
    return this.#random(100) < probability * 100;
  }
}
