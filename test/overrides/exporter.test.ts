import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { start } from '../child.ts';
import { rawGet } from '../http/raw.ts';
import { overridesFile } from './programs.ts';

/** An exporter with metrics that are created before `runExporter()` is called, and in `setup`. */
const EXPORTER = `
  import { Counter, Gauge, Histogram, runExporter } from './src/index.js';
  new Histogram({ name: 'early_seconds', help: 'E.' }).observe(1);
  new Counter({ name: 'early_total', help: 'E.' }).inc();
  await runExporter({
    name: 'x_exporter',
    defaultPort: 0,
    setup: () => new Gauge({ name: 'late', help: 'L.' }).set(1),
    collectors: { db: { help: 'D.', create: () => ({ collect: () => [{ name: 'rows', help: 'R.', type: 'gauge', points: [{ value: 1 }] }] }) } },
  });
`;
const OVERRIDES = `metrics:
  early_seconds: { buckets: [7], rename: first_seconds }
  early_total: { labels: { a: b } }
  late: { drop: true }
  rows: { rename: lines }
  process_cpu_seconds_total: { labels: { c: d } }
  missing: { drop: true }
`;

function exporter(t: TestContext, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const cwd = join(import.meta.dirname, '../..');
  const listen = { X_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:0', ...env };
  return start(t, process.execPath, ['--input-type=module', '--eval', EXPORTER, '-', ...args], listen, cwd);
}

suite('overrides of an exporter', { concurrency: 2 }, () => {
  for (const thread of [[], ['--web.scrape-thread']]) {
    for (const way of ['flag', 'variable'] as const) {
      test(`a ${way} applies to all metrics, and the log reports others ${thread}`, async (t) => {
        const path = overridesFile(t, OVERRIDES);
        const args = way === 'flag' ? [`--metrics.overrides=${path}`] : [];
        const child = exporter(t, [...args, ...thread], way === 'flag' ? {} : { ZEROPROM_OVERRIDES: path });
        const url = await child.metricsUrl();
        for (let scrape = 0; scrape < 2; scrape++) {
          const { body } = await rawGet(url);
          assert.deepEqual(
            body
              .match(/^(?:first|early|late|rows|lines|process_cpu_seconds).*$/gm)
              ?.map((line) => line.replace(/ [^ ]+$/, '')),
            [
              'early_total{a="b"}',
              'first_seconds_bucket{le="7"}',
              'first_seconds_bucket{le="+Inf"}',
              'first_seconds_sum',
              'first_seconds_count',
              'lines',
              'process_cpu_seconds_total{c="d"}',
            ],
          );
        }
        await child.says(/level=WARN msg="\S+: line 7: no metric missing has been found\."/);
        assert.equal(child.stderr().match(/level=WARN.*overrides/g)?.length, 1, child.stderr());
      });
    }
  }

  test('--config.check reports a broken file', async (t) => {
    const path = overridesFile(t, 'metrics:\n  late: { dorp: true }\n');
    const [bad, good, missing] = [path, overridesFile(t, OVERRIDES), '/missing.yml'].map((file) =>
      exporter(t, ['--config.check', `--metrics.overrides=${file}`]),
    );
    assert.equal(await bad?.ended, 1);
    assert.equal(
      bad?.stderr(),
      `x_exporter: error: the configuration is invalid:\nInvalid overrides: ${path}: line 2, column 1: unknown setting "dorp"; ` +
        'must be one of drop, rename, labels, buckets, native, max_series.\n',
    );
    assert.equal(await missing?.ended, 1);
    assert.match(missing?.stderr() ?? '', /^Invalid overrides: .*\/missing\.yml/m);
    assert.equal(await good?.ended, 0);
    assert.equal(good?.stdout(), 'The configuration is valid.\n');
  });

  test('an exporter does not start with a broken file', async (t) => {
    const path = overridesFile(t, 'metrics:\n  late: { dorp: true }\n');
    const child = exporter(t, [], { ZEROPROM_OVERRIDES: path });
    assert.equal(await child.ended, 1);
    assert.ok(child.stderr().includes(`Invalid overrides: ${path}: line 2`), child.stderr());
  });

  test('a variable with the prefix of the exporter is unknown', async (t) => {
    const child = exporter(t, [], { X_EXPORTER_METRICS_OVERRIDES: '/missing.yml' });
    await child.metricsUrl();
    await child.says(/Ignoring environment variable X_EXPORTER_METRICS_OVERRIDES: no such flag/);
  });
});
