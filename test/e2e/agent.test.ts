import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { start, startExample } from '../child.ts';
import { freePort } from '../free-port.ts';
import { needs } from '../installed-programs.ts';
import { isAtLeast, Prometheus, until } from './prometheus.ts';

const [, CONFIGURATION = ''] =
  /```yaml prometheus agent\n([\s\S]*?)```/.exec(readFileSync('docs/growing.md', 'utf8')) ?? [];

test('the agent of docs/growing.md forwards what it scrapes', needs('prometheus'), async (t) => {
  const exporter = new URL(await startExample(t).metricsUrl());
  const target = `127.0.0.1:${await freePort()}`; // An unused port: the server only receives.
  const server = await Prometheus.start(t, { target, interval: '1h', flags: ['--web.enable-remote-write-receiver'] });
  const folder = await mkdtemp(join(tmpdir(), 'zeroprom-agent-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const configuration = CONFIGURATION.replace('localhost:2112', exporter.host)
    .replace('http://localhost:9090/api/v1/write', server.writeUrl)
    .replace('15s', '250ms');
  assert.ok(configuration.includes(exporter.host) && configuration.includes(server.writeUrl));
  await writeFile(join(folder, 'agent.yml'), configuration);
  start(t, 'prometheus', [
    isAtLeast('3.0') ? '--agent' : '--enable-feature=agent',
    `--config.file=${join(folder, 'agent.yml')}`,
    `--storage.agent.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${await freePort()}`,
  ]);
  const series = `example_total{job="app", cluster="eu-1", instance="${exporter.host}"}`;
  await until('the series is stored', async () => (await server.value(series)) === 1);
  assert.equal(await server.value('up{cluster="eu-1"}'), 1);
});
