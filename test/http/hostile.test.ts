import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { ExporterServer } from '../../src/http/exporter-server.ts';
import { type HostileTarget, hostileCases, runHostileCase } from '../../src/http/hostile/index.ts';
import { WebConfigFile } from '../../src/http/web-config/web-config-file.ts';
import { Gauge, Registry } from '../../src/index.ts';
import { Log, QUICK } from './exporter-server.ts';

const FOLDER = 'test/http/web-config/fixtures';

test('there is no case twice', () => {
  assert.equal(new Set(hostileCases.map(({ name }) => name)).size, hostileCases.length);
});

for (const scheme of ['http', 'https'] as const) {
  suite(`a hostile client over ${scheme}`, () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'g', help: 'Help.', labelNames: ['x'], registry });
    for (let x = 0; x < 1000; x++) gauge.set({ x }, x);
    let server: ExporterServer;
    let target: HostileTarget;
    let baseline: number;

    before(async () => {
      const webConfig = scheme === 'http' ? undefined : await WebConfigFile.load(`${FOLDER}/tls.good.yml`, new Log());
      server = new ExporterServer({
        name: 'x',
        description: '',
        version: '1',
        registry,
        telemetryPath: '/metrics',
        scheduler: undefined,
        logger: new Log(),
        limits: QUICK,
        webConfig,
      });
      const [bound] = await server.start([{ host: '127.0.0.1', port: 0 }]);
      assert.ok(bound !== undefined && 'port' in bound);
      const tls = scheme === 'http' ? {} : { tls: { ca: readFileSync(`${FOLDER}/ca.crt`) } };
      target = { host: '127.0.0.1', port: bound.port, patienceMs: 8000, scrapeMs: 500, ...tls };
      await runHostileCase({ name: 'nothing', run: async () => {} }, target);
      baseline = descriptors();
    });

    after(() => server.stop());

    for (const each of hostileCases) test(each.name, async () => await runHostileCase(each, target));

    test('nothing is left open behind them', async () => {
      for (let turn = 0; turn < 200 && descriptors() > baseline; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      assert.ok(descriptors() <= baseline + 2, `${descriptors()} descriptors, ${baseline} before`);
    });
  });
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
