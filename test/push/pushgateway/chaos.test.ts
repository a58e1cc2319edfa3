/**
 * A real Pushgateway behind a network that fails in many ways. It takes a few seconds, or as long as
 * `npm run test:chaos -- MINUTES` says.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { Counter, Gauge, Registry } from '../../../src/index.ts';
import { Pushgateway } from '../../../src/push/index.ts';
import { until } from '../../e2e/prometheus.ts';
import { needs } from '../../installed-programs.ts';
import { generator, pick } from '../../random.ts';
import { silent } from '../../silent-logger.ts';
import { chaosRounds, chaosSeed } from '../chaos-rounds.ts';
import { type Outcome, startFaultyReceiver } from '../faulty-receiver.ts';
import type { ReceivedRequest } from '../receiver.ts';
import { samplesOf, startPushgateway } from './real-gateway.ts';

const ROUNDS = 40;
/** Beginning of the names of all metrics of the group. */
const PREFIX = 'chaos_';

async function forward(gateway: string, { method, path, headers, body }: ReceivedRequest): Promise<Outcome> {
  const sent = httpRequest(new URL(path, gateway), { method, headers }).end(body);
  const [response] = await once(sent, 'response');
  response.resume();
  // The gateway answers before it deletes.
  if (method === 'DELETE')
    await until('the group is gone', async () => (await samplesOf(gateway, PREFIX)).length === 0);
  return { status: response.statusCode };
}

test(
  'the gateway has what successful pushes say, or one of two states after a failure',
  needs('prometheus-pushgateway'),
  async (t) => {
    const gateway = await startPushgateway(t);
    const receiver = await startFaultyReceiver(t, generator(chaosSeed), (request) => forward(gateway, request));
    const random = generator(chaosSeed + 1);
    const [registry, selfMetrics] = [new Registry({ selfMetrics: false }), new Registry({ selfMetrics: false })];
    const counter = new Counter({ name: 'chaos_total', help: '', registry });
    const gauge = new Gauge({ name: 'chaos_gauge', help: '', labelNames: ['round'], registry });
    const client = new Pushgateway({
      url: receiver.url,
      job: 'chaos',
      registry,
      selfMetrics,
      compress: true,
      retry: { min: 1, max: 5, attempts: 1 },
      logger: silent,
      proxy: false,
    });
    let state: string[] = [];
    let [succeeded, failed] = [0, 0];
    for (const round of chaosRounds(ROUNDS)) {
      counter.inc();
      gauge.clear();
      gauge.set({ round }, round);
      const action = pick(random, ['push', 'push', 'add', 'delete'] as const);
      const after =
        action === 'delete'
          ? []
          : [`gauge{instance="",job="chaos",round="${round}"} ${round}`, `total{instance="",job="chaos"} ${round + 1}`];
      const hasSucceeded = await client[action]().then(
        () => true,
        () => false,
      );
      const stored = (await samplesOf(gateway, PREFIX)).map((line) => line.replace(PREFIX, ''));
      if (hasSucceeded) {
        succeeded++;
        assert.deepEqual(stored, after);
      } else {
        failed++;
        assert.ok(
          [state, after].some((each) => JSON.stringify(each) === JSON.stringify(stored)),
          `${action}: ${stored}`,
        );
      }
      state = stored;
    }
    t.diagnostic(JSON.stringify({ succeeded, failed, faults: Object.fromEntries(receiver.faults) }));
    assert.ok(failed > 0);
    receiver.calm();
    await client.push();
    assert.equal((await samplesOf(gateway, 'chaos_total')).length, 1);
    assert.match(await selfMetrics.expose(), new RegExp(`outcome="success"\\} ${succeeded + 1}\n`));
  },
);
