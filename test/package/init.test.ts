import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pack } from '../../scripts/pack.ts';
import { type Child, start } from '../child.ts';
import { assertDashboard } from '../deploy/dashboard-queries.ts';
import { copies, execForm, finalStage, readDockerfile, valuesOf } from '../deploy/dockerfile.ts';
import { Prometheus, until } from '../e2e/prometheus.ts';
import { needs } from '../installed-programs.ts';

test('in an empty folder with the tarball, zeroprom init makes an exporter whose tests pass and that can be scraped', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-init-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const tarball = `./${basename(pack('.', folder))}`;
  const project = join(folder, 'disk-watch');

  await t.test('the command of the tarball writes the project', async (t) => {
    const command = ['zeroprom', 'init', 'disk-watch', '--zeroprom', tarball, '--port=9121'];
    await run(t, folder, 'npm', ['exec', '--yes', '--offline', `--package=${tarball}`, '--', ...command]);
  });
  await t.test('by default, the project depends on the tarball that the command comes from', async (t) => {
    const command = ['zeroprom', 'init', 'nested/other'];
    await run(t, folder, 'npm', ['exec', '--yes', '--offline', `--package=${tarball}`, '--', ...command]);
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'nested/other/package.json'), 'utf8'));
    assert.deepEqual(dependencies, { zeroprom: `file:../../${basename(tarball)}` });
  });

  await t.test('npm install', async (t) => {
    await run(t, project, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund']);
  });
  await t.test('npm test', async (t) => {
    const { stdout } = await run(t, project, 'npm', ['test']);
    assert.match(stdout(), /^(#|ℹ) pass 3$/m);
  });

  await t.test('the exporter starts, is scraped, and stops', async (t) => {
    const exporter = start(
      t,
      process.execPath,
      ['dist/src/exporter.js', '--web.listen-address=127.0.0.1:0'],
      {},
      project,
    );
    const page = await (await fetch(await exporter.metricsUrl())).text();
    assert.match(page, /^disk_watch_up 1$/m);
    exporter.process.kill('SIGTERM');
    assert.equal(await exporter.ended, 0);
  });

  await t.test('Prometheus answers the queries of its dashboard with data', needs('prometheus'), async (t) => {
    const program = ['dist/src/exporter.js', '--web.listen-address=127.0.0.1:0'];
    const exporter = start(t, process.execPath, program, {}, project);
    const target = new URL(await exporter.metricsUrl()).host;
    const prometheus = await Prometheus.start(t, { target, interval: '400ms' });
    await until('it was scraped', async () => (await prometheus.value('disk_watch_up')) === 1);
    await assertDashboard(t, prometheus, join(project, 'grafana/disk-watch-exporter.json'));
  });

  await t.test('the files of its image are enough to run it', async (t) => {
    const final = finalStage(readDockerfile(join(project, 'Dockerfile')));
    const image = join(folder, 'image');
    for (const { sources, target } of copies(final)) {
      for (const source of sources) {
        const name = target === './' ? basename(source) : target;
        cpSync(source.replace('/app', project), join(image, name), { recursive: true });
      }
    }
    const [, ...entrypoint] = execForm(valuesOf(final, 'ENTRYPOINT')[0] ?? '') ?? [];
    const exporter = start(t, process.execPath, [...entrypoint, '--web.listen-address=127.0.0.1:0'], {}, image);
    const { host } = new URL(await exporter.metricsUrl());
    const [, ...healthcheck] = execForm(valuesOf(final, 'HEALTHCHECK')[0] ?? '') ?? [];
    const env = { DISK_WATCH_EXPORTER_WEB_LISTEN_ADDRESS: host };
    assert.equal(await start(t, process.execPath, healthcheck, env, image).ended, 0);
  });

  await t.test('zeroprom check finds nothing in its page', async (t) => {
    const exporter = start(
      t,
      process.execPath,
      ['dist/src/exporter.js', '--web.listen-address=127.0.0.1:0'],
      {},
      project,
    );
    await run(t, project, 'npx', ['zeroprom', 'check', '--preset=exporter', await exporter.metricsUrl()]);
  });
});

/** Runs a command, which must succeed; a test runner that it starts is not part of this one. */
async function run(t: TestContext, folder: string, command: string, args: readonly string[]): Promise<Child> {
  const child = start(t, 'env', ['-u', 'NODE_TEST_CONTEXT', command, ...args], {}, folder);
  assert.equal(await child.ended, 0, child.stdout() + child.stderr());
  return child;
}
