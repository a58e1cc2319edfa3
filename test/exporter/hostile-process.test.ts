import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { start } from '../child.ts';
import { hostileFunctions, hostileValues } from '../hostile-values.ts';
import { rawGet } from '../http/raw.ts';

const PROGRAM = join(import.meta.dirname, 'programs/hostile.js');
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

function exporter(t: TestContext, mode: string, what: string, ...args: readonly string[]) {
  return start(t, process.execPath, [PROGRAM, mode, what, ...args]);
}

suite('an exporter whose code throws any value', { concurrency: 2 }, () => {
  for (const format of ['logfmt', 'json']) {
    test(`${format}: it answers all requests, and shuts down gracefully`, async (t) => {
      const program = exporter(t, 'run', 'a symbol', `--log.format=${format}`, '--web.enable-lifecycle');
      const url = await program.metricsUrl();
      const root = url.replace('/metrics', '/');
      for (let round = 0; round < 3; round++) {
        const { status, body } = await rawGet(url, { 'X-Prometheus-Scrape-Timeout-Seconds': '30' });
        assert.equal(status, 200);
        assert.equal(body.match(/^zeroprom_collector_success\{collector="collector_\d+"\} 0$/gm)?.length, failing);
        const page = await rawGet(root);
        assert.equal(page.status, 200);
        assert.match(page.body, /<td>task 0<\/td>/);
        assert.equal((await rawGet(`${root}-/ready`)).status, 200);
      }
      const reload = await fetch(`${root}-/reload`, { method: 'POST' });
      assert.equal(await reload.text(), 'Failed to reload: Symbol(thrown)\n');
      program.process.kill('SIGTERM');
      assert.equal(await program.ended, 0, program.stderr());
      for (const line of program.stderr().split('\n')) assert.doesNotMatch(line, UNSAFE);
    });
  }

  /** One of each kind, since each needs a process. */
  const some = ['a string of control characters', 'a revoked proxy of an error', 'an error whose message throws'];
  for (const what of some) {
    assert.ok(hostileValues.some((value) => value.what === what));

    test(`a start that fails with ${what} reports it, with exit code 1`, async (t) => {
      const program = exporter(t, 'setup', what);
      assert.equal(await program.ended, 1);
      assert.match(program.stderr(), /^hostile_exporter: error: \S/);
      assert.ok(program.stderr().length < 100_000);
      assert.doesNotMatch(program.stderr().replaceAll('\n', ''), UNSAFE);
    });

    for (const mode of ['uncaught', 'unhandled']) {
      test(`${mode}, ${what} ends the process with a line in the log, and exit code 1`, async (t) => {
        const program = exporter(t, mode, what, '--log.format=json');
        assert.equal(await program.ended, 1);
        const { msg, stack } = JSON.parse(program.stderr().trimEnd().split('\n').at(-1) ?? '');
        assert.equal(msg, 'Uncaught error.');
        assert.ok(stack.length > 0);
      });
    }
  }
});

/** All values except promises that resolve. */
const failing = hostileFunctions.length;
