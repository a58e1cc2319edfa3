import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { metricsHandler } from '../../src/index.ts';
import { collectWorkers } from '../../src/workers/index.ts';
import { needs } from '../installed-programs.ts';
import { MemberProcess, meetingPlace } from '../workers/processes/member-process.ts';
import { Prometheus, until } from './prometheus.ts';

const SERIES = 'jobs_total{queue="mail"}';

test(
  'what Prometheus stores of several processes never decreases when they end, and adds up',
  needs('prometheus'),
  async (t) => {
    const directory = await meetingPlace(t);
    const server = createServer(metricsHandler({ registry: collectWorkers({ directory, group: 'test' }) }));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo; // A server that listens on a port has one.
    const first = await MemberProcess.start(t, directory);
    await first.tell({ inc: 1 });
    const prometheus = await Prometheus.start(t, { target: `127.0.0.1:${port}`, interval: '2s' }); // Also the timeout.
    await until('the first value is stored', async () => (await prometheus.value(SERIES)) === 1);
    let counted = 1;
    for (const end of ['SIGKILL', 'exit', 'SIGKILL', 'fail'] as const) {
      const member = await MemberProcess.start(t, directory);
      await member.tell({ inc: 100 });
      counted += 100;
      await until(`${counted} are stored`, async () => (await prometheus.value(SERIES)) === counted);
      if (end === 'SIGKILL') await member.kill();
      else await member.tell({ inc: 10, [end]: true });
      if (end !== 'SIGKILL') counted += 10;
      await member.ended;
      await first.tell({ inc: 1 });
      counted += 1;
      await until(`${counted} are stored`, async () => (await prometheus.value(SERIES)) === counted);
    }
    const stored = await prometheus.samples(SERIES, '1h');
    assert.equal(stored.length, 1);
    const values = stored[0]?.values.map(([, value]) => Number(value)) ?? [];
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
      'no value is below an earlier one',
    );
    assert.equal(values.at(-1), counted);
    assert.equal(await prometheus.value('min(min_over_time(up[1h]))'), 1);
    const increase = await prometheus.value(`increase(${SERIES}[1h])`);
    t.diagnostic(`${counted - 1} more were counted; increase() extrapolates to ${increase}.`);
  },
);
