import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsHandler } from '../../../src/index.ts';
import { collectWorkers } from '../../../src/workers/index.ts';
import { Prometheus, totalIncrease, until } from '../../e2e/prometheus.ts';
import { serve } from '../../http/serve.ts';
import { needs } from '../../installed-programs.ts';
import { progress } from '../../progress.ts';
import { generator } from '../../random.ts';
import { meetingPlace } from './member-process.ts';
import { RandomMembers } from './random-members.ts';

/** `npm run test:processes` sets a larger number. */
const ROUNDS = Number(process.env.PROCESS_ROUNDS ?? 30);
const SEED = Number(process.env.PROCESS_SEED ?? Date.now() % 1e6);

test(`no counter decreases or loses saved counts, whatever happens to processes (seed ${SEED})`, async (t) => {
  await runRounds(new RandomMembers(t, await meetingPlace(t), generator(SEED)));
});

test(`the samples that a server stores add up to the counts (seed ${SEED})`, needs('prometheus'), async (t) => {
  const directory = await meetingPlace(t);
  // With another label, it shares no round with the scrapes of the test.
  const registry = collectWorkers({ directory, group: 'test', label: 'member' });
  const { host } = new URL(await serve(t, metricsHandler({ registry })));
  const prometheus = await Prometheus.start(t, { target: host, interval: ROUNDS < 100 ? '100ms' : '1s' });
  const counts = await runRounds(new RandomMembers(t, directory, generator(SEED), { isObserved: true }));
  for (const [queue, count] of counts) {
    const series = `jobs_total{queue="${queue}"}`;
    if (count === 0) continue; // It may not exist.
    await until(`${series} is ${count}`, async () => (await prometheus.value(series)) === count);
    const [stored] = await prometheus.samples(series, '1d');
    assert.equal(totalIncrease(stored), count, series);
    const increase = await prometheus.value(`increase(${series}[1d])`);
    t.diagnostic(`${series}: ${count} in ${stored?.values.length} samples; increase() extrapolates to ${increase}`);
  }
});

async function runRounds(members: RandomMembers): Promise<ReadonlyMap<string, number>> {
  const tell = progress(ROUNDS);
  for (let round = 1; round <= ROUNDS; round++) {
    await members.step();
    tell(round);
  }
  return members.end();
}
