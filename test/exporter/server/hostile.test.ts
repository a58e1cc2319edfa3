import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ExporterServer } from '../../../src/exporter/server/exporter-server.ts';
import { Gauge, Registry } from '../../../src/index.ts';
import {
  assertUnharmed,
  type HostileTarget,
  hostileCases,
  type ProcessUsage,
  processUsage,
  runHostileCase,
} from '../../../src/testing/hostile/index.ts';
import { WebConfigFile } from '../../../src/web-config/web-config-file.ts';
import { Log, QUICK } from './exporter-server.ts';

// Needed to measure the memory in use, without garbage.
setFlagsFromString('--expose-gc');
globalThis.gc ??= runInNewContext('gc');

const FOLDER = 'test/web-config/fixtures';

test('each case occurs once', () => {
  assert.equal(new Set(hostileCases.map(({ name }) => name)).size, hostileCases.length);
});

for (const scheme of ['http', 'https'] as const) {
  suite(`a hostile client over ${scheme}`, () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'g', help: 'Help.', labelNames: ['x'], registry });
    for (let x = 0; x < 1000; x++) gauge.set({ x }, x);
    let server: ExporterServer;
    let target: HostileTarget;

    before(async () => {
      const webConfig = scheme === 'http' ? undefined : await WebConfigFile.load(`${FOLDER}/tls.good.yml`, new Log());
      server = new ExporterServer({
        name: 'x',
        description: '',
        version: '1',
        registry,
        telemetryPath: '/metrics',
        scheduler: undefined,
        selfMetrics: new Registry(),
        logger: new Log(),
        // A hundred clients connect at once, in the same process.
        limits: { ...QUICK, handshakeTimeout: 2000, headersTimeout: 2000, requestTimeout: 2500 },
        webConfig,
      });
      const [bound] = await server.start([{ host: '127.0.0.1', port: 0 }]);
      assert.ok(bound !== undefined && 'port' in bound);
      const tls = scheme === 'http' ? {} : { tls: { ca: readFileSync(`${FOLDER}/ca.crt`) } };
      target = { host: '127.0.0.1', port: bound.port, patienceMs: 8000, ...tls };
      for (let scrape = 0; scrape < 3; scrape++) await assertUnharmed(target);
      // The connections of the client close a turn later.
      await new Promise((resolve) => setTimeout(resolve, 50));
      globalThis.gc?.();
      const baseline = processUsage();
      target = { ...target, usage: () => usageBelow(baseline.memoryMb), baseline };
    });

    after(() => server.stop());

    for (const each of hostileCases) test(each.name, async () => await runHostileCase(each, target));
  });
}

/** Collects garbage if there may be much of it. */
function usageBelow(memoryMb: number): ProcessUsage {
  const usage = processUsage();
  if (usage.memoryMb <= memoryMb + 4) return usage;
  globalThis.gc?.();
  return processUsage();
}
