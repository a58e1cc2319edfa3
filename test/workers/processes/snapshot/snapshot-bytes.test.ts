import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { snapshotOf } from '../../../../src/exposition/index.ts';
import {
  type Collector,
  Counter,
  Gauge,
  Histogram,
  Info,
  PeakGauge,
  Registry,
  StateSet,
  Summary,
} from '../../../../src/index.ts';
import { Gathering } from '../../../../src/registry/gathering.ts';
import { isDirect } from '../../../../src/registry/named-collector.ts';
import { Merger } from '../../../../src/workers/merge/merger.ts';
import { readSnapshot } from '../../../../src/workers/processes/snapshot/read-snapshot-bytes.ts';
import type { Snapshot } from '../../../../src/workers/processes/snapshot/snapshot.ts';
import { SnapshotLog } from '../../../../src/workers/processes/snapshot/snapshot-log.ts';
import { generator, type Random } from '../../../random.ts';

const ID = { slot: 3, incarnation: '0123456789ab' };

/** A registry with a metric of each type, and of each shape that a custom collector may return. */
function everything() {
  const registry = new Registry();
  const requests = new Counter({ name: 'requests_total', help: 'R.', labelNames: ['method', 'code'], registry });
  requests.inc({ method: 'GET', code: 200 }, 5, { trace_id: 'abc' });
  requests.inc({ method: '"\n\\', code: '\u{1f600}' });
  requests.inc({ method: '__proto__', code: '' });
  new Gauge({ name: 'temperature', help: 'T.', unit: 'celsius', registry }).set(Number.NaN);
  new Gauge({ name: 'version', help: 'V.', acrossWorkers: 'mostRecent', registry }).set(4);
  new Gauge({ name: 'never', help: 'N.', acrossWorkers: 'sum', registry }).set(Number.NEGATIVE_INFINITY);
  new PeakGauge({ name: 'peak', help: 'P.', registry });
  const sizes = new Histogram({ name: 'size', help: 'S.', buckets: [0.5, 1], native: {}, labelNames: ['a'], registry });
  for (const value of [0.1, 0.7, 1e9, -5, 0, Number.NaN]) sizes.observe({ a: 'x' }, value, { span_id: `of ${value}` });
  sizes.observe({ a: 'y' }, 1);
  new Histogram({ name: 'classic', help: 'C.', registry }).observe(3);
  new Summary({ name: 'summary', help: 'S.', quantiles: [0.5, 0.99], registry }).observe(2);
  new Info({ name: 'build_info', help: 'B.', labelNames: ['version'], registry }).set({ version: '1' });
  new StateSet({ name: 'phase', help: 'P.', states: ['idle', 'busy'], registry }).switchTo('busy');
  const recent = new StateSet({ name: 'mode', help: 'M.', states: ['a', 'b'], acrossWorkers: 'mostRecent', registry });
  recent.set('b');
  const collector: Collector = {
    name: 'custom',
    collect: () => [
      {
        name: 'mixed',
        help: 'M.',
        type: 'unknown',
        points: [{ value: 1 }, { labels: { a: 'b' }, value: 2 }, { labels: { b: 'b', a: 'b' }, value: 3 }],
      },
      {
        name: 'distribution',
        help: 'D.',
        type: 'gaugehistogram',
        points: [
          { value: { upperBounds: [1], bucketCounts: [1, 2], count: 3, sum: 4 } },
          { labels: { a: 'b' }, value: { upperBounds: [], bucketCounts: [7], count: 7, sum: 4 }, startTimestamp: 12.5 },
        ],
      },
      { name: 'empty_total', help: '', type: 'counter', points: [] },
    ],
  };
  registry.register(collector);
  return { registry, requests, sizes };
}

/** The families of a snapshot as plain data. */
function familiesOf({ families }: Snapshot) {
  return snapshotOf(new Gathering([...families.values()], []));
}

/** Values that always differ between two gatherings. */
function isSteady({ name }: { readonly name: string }): boolean {
  return !name.startsWith('zeroprom_collector');
}

test('a snapshot as bytes contains all that the registry does', async () => {
  const { registry } = everything();
  const gathering = await registry.gather();
  const log = new SnapshotLog(ID);
  await log.take(gathering);
  const read = readSnapshot(Buffer.concat(log.bytesSince(0)));
  const { slot, incarnation, sequence } = read;
  assert.deepEqual({ slot, incarnation, sequence }, { ...ID, sequence: 1 });
  // Missing exemplars are equal to an empty list.
  const families = (entries: ReturnType<typeof familiesOf>) =>
    JSON.parse(
      JSON.stringify(entries.filter(({ points }) => points.length > 0)).replaceAll(',"exemplars":[null,null,null]', ''),
    );
  assert.deepEqual(families(familiesOf(read)), families(snapshotOf(gathering)));
  assert.equal(read.families.get('version')?.descriptor.acrossWorkers, 'mostRecent');
});

/** A counter with 1,000 series, its log, and what a reader of the first snapshot knows. */
async function thousandSeries() {
  const registry = new Registry();
  const jobs = new Counter({ name: 'jobs_total', help: 'J.', labelNames: ['queue'], registry });
  for (let queue = 0; queue < 1000; queue++) jobs.inc({ queue });
  const log = new SnapshotLog(ID);
  await log.take(await registry.gather());
  const known = readSnapshot(Buffer.concat(log.bytesSince(0)));
  return { registry, jobs, log, known };
}

test('a snapshot without changes has the same number and few bytes', async () => {
  const { registry, log, known } = await thousandSeries();
  const { sequence } = await log.take(await registry.gather());
  assert.equal(sequence, 1);
  const bytes = Buffer.concat(log.bytesSince(1));
  assert.ok(bytes.length < 500, `${bytes.length} bytes`);
  assert.deepEqual(familiesOf(readSnapshot(bytes, known)), familiesOf(known));
});

test('only numbers are sent for series that are known', async () => {
  const { registry, jobs, log, known } = await thousandSeries();
  jobs.inc({ queue: 7 });
  await log.take(await registry.gather());
  const bytes = Buffer.concat(log.bytesSince(1));
  assert.ok(bytes.length < 8500, `${bytes.length} bytes`);
  assert.deepEqual(familiesOf(readSnapshot(bytes, known)), snapshotOf(await registry.gather()));
});

test('readers that know different snapshots all get the latest', async () => {
  const { registry, requests, sizes } = everything();
  const log = new SnapshotLog(ID);
  const known: Snapshot[] = [];
  for (let round = 0; round < 5; round++) {
    await log.take(await registry.gather());
    known.push(readSnapshot(Buffer.concat(log.bytesSince(0))));
    requests.inc({ method: 'GET', code: 200 + (round % 3) });
    if (round === 2) requests.remove({ method: '__proto__', code: '' });
    sizes.observe({ a: 'x' }, round, { round: String(round) });
    if (round === 3) new Counter({ name: 'new_total', help: 'N.', registry });
    if (round === 3) registry.unregister('phase');
  }
  const gathering = await registry.gather();
  await log.take(gathering);
  const expected = familiesOf(readSnapshot(Buffer.concat(log.bytesSince(0)))).filter(isSteady);
  for (const snapshot of known) {
    const read = readSnapshot(Buffer.concat(log.bytesSince(snapshot.sequence)), snapshot);
    assert.deepEqual(familiesOf(read).filter(isSteady), expected);
    assert.ok(!read.families.has('phase'));
    assert.deepEqual([...read.departed.keys()], ['requests_total']);
  }
});

test('changes since a snapshot cannot be read without it', async () => {
  const log = new SnapshotLog(ID);
  await log.take(await everything().registry.gather());
  assert.throws(() => readSnapshot(Buffer.concat(log.bytesSince(1))), /a snapshot since 1 cannot be read without it/);
});

test('damaged and truncated bytes are refused', async () => {
  const log = new SnapshotLog(ID);
  await log.take(await everything().registry.gather());
  const bytes = Buffer.concat(log.bytesSince(0));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= change;
      assert.throws(() => readSnapshot(damaged), Error);
      assert.throws(() => readSnapshot(bytes.subarray(0, at)), Error);
    }),
  );
  assert.throws(() => readSnapshot(Buffer.concat([bytes, Buffer.alloc(1)])), /incomplete/);
});

test('bytes of another version are refused with the reason', () => {
  assert.throws(() => readSnapshot(Buffer.from('zeroprom workers 2\n...')), /use the same version in all processes/);
});

test('copies are right while series come, go and return', async () => {
  const random = generator(17);
  const registry = new Registry();
  const jobs = new Counter({ name: 'jobs_total', help: 'J.', labelNames: ['queue', 'kind'], registry });
  const sizes = new Histogram({ name: 'size', help: 'S.', labelNames: ['queue'], buckets: [1, 10], registry });
  const log = new SnapshotLog(ID);
  let known: Snapshot | undefined;
  for (let round = 0; round < 60; round++) {
    for (let step = 0; step < 40; step++) {
      const queue = `queue ${random(30 + round * 5)}`;
      const kind = `kind ${random(3)}`;
      if (random(3) === 0) jobs.remove({ queue, kind });
      else jobs.inc({ queue, kind }, random(100));
      if (random(4) === 0) sizes.remove({ queue });
      else sizes.observe({ queue }, random(20));
    }
    if (round % 20 === 19) jobs.clear();
    const gathering = await registry.gather();
    await log.take(gathering);
    known = readSnapshot(Buffer.concat(log.bytesSince(known?.sequence ?? 0)), known);
    assert.deepEqual(familiesOf(known), snapshotOf(gathering));
  }
});

/** Metrics whose rows change in a random way. Often, only numbers do. */
class RandomRows {
  readonly registry = new Registry();
  readonly #random: Random;
  readonly #options = { help: 'H.', labelNames: ['queue', 'kind'], registry: this.registry } as const;
  readonly #lengths = new Gauge({ name: 'length', ...this.#options });
  readonly #versions = new Gauge({ name: 'version', ...this.#options, acrossWorkers: 'mostRecent' });
  #jobs = new Counter({ name: 'jobs_total', ...this.#options });

  constructor(random: Random) {
    this.#random = random;
    this.#add(1500); // Encodings visit 512 rows at a time.
  }

  change(): void {
    const random = this.#random;
    const labels = () => ({ queue: random(2000), kind: random(3) });
    switch (random(8)) {
      case 0:
        this.#add(1000);
        break;
      case 1:
        this.registry.unregister(this.#jobs);
        this.#jobs = new Counter({ name: 'jobs_total', ...this.#options });
        this.#add(600);
        break;
      case 2:
        for (let queue = 0; queue < 800; queue++) this.#lengths.removeMatching({ queue });
        break;
      case 3:
        this.#jobs.remove(labels());
        break;
      case 4:
        this.#jobs.inc(labels(), 1, { trace_id: 'abc' });
        break;
    }
    for (const { child } of this.#jobs.children().slice(0, 5)) child.inc(random(3));
    for (const { child } of this.#lengths.children().slice(0, 5)) child.set(random(3));
  }

  #add(rows: number): void {
    const first = this.#random(1000);
    for (let row = 0; row < rows; row++) {
      const labels = { queue: first + row, kind: row % 3 };
      this.#jobs.inc(labels, row);
      this.#lengths.set(labels, row);
      this.#versions.set(labels, row);
    }
  }
}

for (let seed = 1; seed <= 4; seed++) {
  test(`copies of many rows are right while few of them change, with seed ${seed}`, async () => {
    const rows = new RandomRows(generator(seed));
    const log = new SnapshotLog(ID);
    let known: Snapshot | undefined;
    for (let round = 0; round < 25; round++) {
      const gathering = await rows.registry.gather();
      await log.take(gathering);
      known = readSnapshot(Buffer.concat(log.bytesSince(known?.sequence ?? 0)), known);
      assert.deepEqual(familiesOf(known), snapshotOf(gathering));
      rows.change();
    }
  });
}

test('histograms are merged in columns as they are point by point', async () => {
  const inColumns = new Merger({ label: 'worker' });
  const byPoint = new Merger({ label: 'worker' });
  for (const [worker, bounds] of [
    [1, 10],
    [1, 10],
    [2, 10],
    [1, 10],
  ].entries()) {
    const random = generator(worker);
    const registry = new Registry({ selfMetrics: false });
    const sizes = new Histogram({ name: 'size', help: 'S.', labelNames: ['queue'], buckets: bounds, registry });
    for (let step = 0; step < 500; step++) sizes.observe({ queue: `queue ${random(50)}` }, random(20));
    const gathering = await registry.gather();
    const { families } = await new SnapshotLog(ID).take(gathering);
    await inColumns.add({ worker, metrics: [...families.values()] });
    await byPoint.add({ worker, metrics: gathering.entries.filter(isDirect) });
  }
  const [columns, points] = [inColumns, byPoint].map(({ metrics }) => snapshotOf(new Gathering(metrics, [])));
  assert.deepEqual(columns, points);
  const problems = [inColumns, byPoint].map((merger) => merger.problems.map(({ error }) => error.message));
  assert.match(problems[0]?.join() ?? '', /^size of worker 2 .*buckets must be the same in all workers/);
  assert.deepEqual(problems[0], problems[1]);
});
