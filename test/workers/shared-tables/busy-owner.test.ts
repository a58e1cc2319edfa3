import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Encoder } from '../../../src/model/encoder.ts';
import type { HistogramValue, Point } from '../../../src/model/family.ts';
import { labelPairs } from '../../../src/model/label-set.ts';
import type { Gatherer, Gathering } from '../../../src/registry/gathering.ts';
import { readRegistries } from '../../../src/workers/shared-tables/registry-link.ts';

const SECONDS = 2;

for (const seed of [1, 2, 3]) {
  test(`values never appear under wrong labels while their owner changes series at random, seed ${seed}`, async () => {
    const { mirror, ended, stop } = await startOwner(seed);
    let isEnded = false;
    void ended.then(() => {
      isEnded = true;
    });
    let points = 0;
    let replacements = 0;
    while (!isEnded) {
      await setImmediate(); // With few series the rest of a round takes only microtasks, and no message arrives.
      const first = new CheckedPoints();
      const steps = (await mirror.gather()).steps(first, 16);
      for (let step = 0; step < 20; step++) steps.next();
      const second = new CheckedPoints();
      encode(await mirror.gather(), second); // In the middle of the first one.
      for (const _step of steps) await setImmediate();
      for (const { seen, replaced } of [first, second]) {
        points += seen.size;
        assert.ok(replaced === 0 || replaced === 100, `${replaced} series of 100 that appear together`);
        if (replaced === 100) replacements++;
      }
    }
    await ended;
    await stop();
    assert.ok(points > 1000 && replacements > 0);
  });
}

async function startOwner(
  seed: number,
): Promise<{ mirror: Gatherer; ended: Promise<unknown>; stop(): Promise<unknown> }> {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./busy-owner.js', import.meta.url), {
    workerData: { port: port2, seed, milliseconds: SECONDS * 1000 },
    transferList: [port2],
  });
  const [status] = (await once(worker, 'message')) as [SharedArrayBuffer];
  const { mirror } = readRegistries(port1, status);
  return { mirror, ended: once(worker, 'message'), stop: () => worker.terminate() };
}

function encode(gathering: Gathering, encoder: Encoder): void {
  for (const _step of gathering.steps(encoder, 16)) {
    // Without pauses.
  }
}

/** Checks that each value belongs to its labels, and that no series appears twice. */
class CheckedPoints implements Encoder {
  readonly seen = new Set<string>();
  replaced = 0;
  #family = '';

  family({ name }: { readonly name: string }): void {
    this.#family = name;
  }

  counter(point: Point, value: number): void {
    if (this.#family !== 'counter_total') return;
    assert.equal(value % this.#idOf(point), 0);
  }

  gauge(point: Point, value: number): void {
    const id = this.#idOf(point);
    if (this.#family === 'replaced') this.replaced += value;
    else if (value !== 0) assert.equal(Math.floor(value / 1000), id);
  }

  histogram(point: Point, { bucketCounts, count, sum }: HistogramValue): void {
    const id = this.#idOf(point);
    assert.equal(
      count,
      Array.from(bucketCounts).reduce((total, bucket) => total + bucket, 0),
    );
    assert.ok(Math.abs(sum - count * id) <= id, `${count} observations of ${id} have the sum ${sum}`);
    if (count > 0) assert.equal(bucketCounts[id <= 10 ? 0 : id <= 100 ? 1 : id <= 1000 ? 2 : 3], count);
  }

  unknown(): void {}
  summary(): void {}
  info(): void {}
  stateSet(): void {}

  #idOf({ labels }: Point): number {
    const [[, first] = [], [, second] = []] = labelPairs(labels);
    const id = Number(first?.slice(3));
    assert.equal(first, `id ${id}`);
    assert.equal(second, `"ü\n${id}`);
    const key = `${this.#family} ${id}`;
    assert.ok(!this.seen.has(key), `${key} appears twice`);
    this.seen.add(key);
    return id;
  }
}
