import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Child, start } from '../child.ts';

function startProgram(t: TestContext, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Child {
  const program = join(import.meta.dirname, 'programs/routes.js');
  return start(t, process.execPath, [program, '--web.listen-address=127.0.0.1:0', ...args], env);
}

test('an exporter serves its own routes beside those of all exporters', async (t) => {
  const url = await startProgram(t).metricsUrl();
  const probe = async (target: string) => (await fetch(new URL(`/probe?target=${target}`, url))).text();
  assert.match(await probe('good'), /^probe_success 1$/m);
  assert.match(await probe('bad'), /^probe_success 0$/m);
  assert.equal((await fetch(new URL('/probe', url))).status, 400);
  assert.equal((await fetch(new URL('/probe?target=x', url), { method: 'POST' })).status, 405);
  assert.equal((await fetch(url)).status, 200);
});

test('the own routes of an exporter move below the route prefix', async (t) => {
  const url = await startProgram(t, ['--web.route-prefix=/x']).metricsUrl();
  assert.equal((await fetch(new URL('/probe?target=good', url))).status, 404);
  assert.equal((await fetch(new URL('/x/probe?target=good', url))).status, 200);
});

test('the own routes of an exporter need the password of the web configuration', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-routes-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'web.yml');
  // The password is x.
  writeFileSync(file, 'basic_auth_users:\n  a: $2a$04$FxE/NcsQhsP5Re19S6Bo0ODEKUgT3pc97rFQB4Txz9sVzMbDf3l5y\n');
  const url = await startProgram(t, [`--web.config.file=${file}`]).metricsUrl();
  assert.equal((await fetch(new URL('/probe?target=good', url))).status, 401);
});

test('an exporter calls its shutdown hook when it stops', async (t) => {
  const child = startProgram(t);
  await child.metricsUrl();
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 0);
  assert.equal(child.stderr().match(/^closed$/gm)?.length, 1);
});

test('an exporter whose shutdown hook fails ends with exit code 1', async (t) => {
  const child = startProgram(t, [], { FAILS: '1' });
  await child.metricsUrl();
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 1);
  assert.match(child.stderr(), /Shutdown failed.*It cannot be closed/);
});

test('an exporter with own routes cannot serve from the scrape thread', async (t) => {
  const child = startProgram(t, ['--web.scrape-thread']);
  assert.equal(await child.ended, 1);
  assert.match(child.stderr(), /--web\.scrape-thread cannot serve the routes of this exporter/);
});
