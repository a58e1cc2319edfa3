/** Scrape threads of programs that a bundler has joined into one file, and of single executables. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { build, type Format } from 'esbuild';
import { start } from '../../child.ts';

const PROGRAM = `
import { Counter } from './index.js';
import { startScrapeThread } from './workers.js';

new Counter({ name: 'c_total', help: 'Help.' }).inc(3);
startScrapeThread({ listen: '127.0.0.1:0' }).then(async ({ address, stop }) => {
  const response = await fetch(address.url + '/metrics');
  console.log(await response.text());
  await stop();
});`;

/** Bundles the program into a new directory without any other file, and returns its path. */
async function bundled(t: TestContext, format: Format): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-bundled-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const outfile = join(folder, format === 'cjs' ? 'program.cjs' : 'program.mjs');
  await build({
    stdin: { contents: PROGRAM, resolveDir: resolve('dist'), sourcefile: 'program.js' },
    bundle: true,
    platform: 'node',
    minify: true,
    format,
    outfile,
    logLevel: 'silent',
  });
  assert.equal(readdirSync(folder).length, 1);
  return outfile;
}

async function servesMetrics(t: TestContext, command: string, args: readonly string[]): Promise<void> {
  const child = start(t, command, args, {}, '/');
  assert.equal(await child.ended, 0, child.stderr());
  assert.match(child.stdout(), /^c_total 3$/m);
  assert.match(child.stdout(), /^nodejs_eventloop_blocked_seconds 0$/m);
}

for (const format of ['esm', 'cjs'] as const) {
  test(`a bundled program starts a scrape thread: ${format}`, async (t) => {
    await servesMetrics(t, process.execPath, [await bundled(t, format)]);
  });
}

// Earlier versions need another tool to build one.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 25 || (major === 25 && minor >= 5)) {
  test('a single executable starts a scrape thread', async (t) => {
    const main = await bundled(t, 'cjs');
    const output = join(main, '..', 'executable');
    const config = join(main, '..', 'sea.json');
    writeFileSync(config, JSON.stringify({ main, output, disableExperimentalSEAWarning: true }));
    execFileSync(process.execPath, ['--build-sea', config], { stdio: 'ignore' });
    await servesMetrics(t, output, []);
  });
}
