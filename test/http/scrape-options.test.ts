/** Exporters have the options of scrapes. */
import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { metricsFetchHandler, metricsHandler } from '../../src/index.ts';
import { start } from '../child.ts';
import { runProgram } from '../program.ts';

/** A program that runs an exporter with these options and flags, and prints the value of the expression `shown`. */
function exporter(options: string, shown: string, flags: readonly string[] = []): string {
  return `
    import { Counter, Gauge, runExporter } from './src/index.js';
    process.argv.push('--web.listen-address=127.0.0.1:0', ...${JSON.stringify(flags)});
    new Counter({ name: 'jobs_total', help: 'Help.' }).inc();
    const running = await runExporter({ name: 'x_exporter', defaultPort: 0, defaultCollectors: false, ${options} });
    const get = (headers) => fetch(running.url + '/metrics', { headers: { connection: 'close', ...headers } });
    const openMetrics = { accept: 'application/openmetrics-text;version=1.0.0' };
    console.log(${shown});
    await running.stop();`;
}

/** Returns the output of a program, which is passed the flags. */
async function run(t: TestContext, ...program: Parameters<typeof exporter>): Promise<string> {
  return runProgram(t, exporter(...program));
}

const hasCreatedLine = `/^jobs_created \\d/m.test(await (await get(openMetrics)).text())`;
const failing = `collectors: { bad: { help: 'Help.', create: () => ({ collect: () => { throw new Error('no'); } }) } }`;

suite('an exporter', { concurrency: 4 }, () => {
  for (const [options, flags, isShown] of [
    ['', [], false],
    ['createdLines: true', [], true],
    ['createdLines: false', [], false],
    ['', ['--web.created-lines'], true],
    ['createdLines: false', ['--web.created-lines'], true],
    ['createdLines: true', ['--no-web.created-lines'], false],
  ] as const) {
    test(`with { ${options} } and ${flags.join() || 'no flag'} exposes ${isShown ? '' : 'no '}start times`, async (t) => {
      assert.equal(await run(t, options, hasCreatedLine, flags), String(isShown));
    });
  }

  for (const [errorMode, status] of [
    ['', 200],
    [`errorMode: 'continue',`, 200],
    [`errorMode: 'http-error',`, 500],
  ] as const) {
    test(`with { ${errorMode} } answers ${status} if a collector fails`, async (t) => {
      assert.equal(await run(t, `${errorMode} ${failing}`, '(await get()).status'), String(status));
    });
  }

  test('with { timeoutMs } gives collectors this time', async (t) => {
    const asked = `collectors: { asked: { help: 'Help.', create: () => ({ collect: ({ deadline }) => [{
      name: 'budget_seconds', help: 'Help.', type: 'gauge', points: [{ value: (deadline - Date.now()) / 1000 }],
    }] }) } }`;
    const budget = `/^budget_seconds (.*)$/m.exec(await (await get()).text())[1]`;
    const seconds = Number(await run(t, `timeoutMs: 2500, ${asked}`, budget));
    assert.ok(seconds > 0 && seconds <= 2.5, String(seconds));
  });

  for (const [options, encoding] of [
    ['', 'gzip'],
    ['compress: true,', 'gzip'],
    ['compress: false,', 'null'],
  ] as const) {
    test(`with { ${options} } answers with the encoding ${encoding}`, async (t) => {
      const many = `collectors: { many: { help: 'Help.', create: () => ({ collect: () => [{
        name: 'many', help: 'x'.repeat(5000), type: 'gauge', points: [{ value: 1 }],
      }] }) } }`;
      const shown = `(await get({ 'accept-encoding': 'gzip' })).headers.get('content-encoding')`;
      assert.equal(await run(t, `${options} ${many}`, shown), encoding);
    });
  }

  for (const [options, message] of [
    ['timeoutMs: 0', /timeoutMs must be a number of milliseconds above 0, got 0/],
    ['timeoutMs: NaN', /timeoutMs must be a number of milliseconds above 0, got NaN/],
    [`errorMode: 'ignore'`, /errorMode must be continue or http-error, got ignore/],
  ] as const) {
    test(`with { ${options} } does not start`, async (t) => {
      const args = ['--input-type=module', '--eval', exporter(options, '1')];
      const program = start(t, process.execPath, args, {}, '.compiled');
      assert.equal(await program.ended, 1);
      assert.match(program.stderr(), message);
    });
  }
});

test('handlers reject such options when they are created', () => {
  for (const make of [metricsHandler, metricsFetchHandler]) {
    assert.throws(() => make({ timeoutMs: -1 }), RangeError);
    assert.throws(() => make({ timeoutMs: Number.NaN }), RangeError);
    for (const limit of ['idleMs', 'totalMs']) {
      const message = `writeLimits.${limit} must be a number of milliseconds above 0, got`;
      for (const value of [0, -1, Number.NaN, -Infinity]) {
        assert.throws(() => make({ writeLimits: { [limit]: value } }), new RangeError(`${message} ${value}.`));
      }
    }
    // JavaScript programs may pass anything.
    for (const value of ['10', null, 10n] as never[]) {
      assert.throws(() => make({ timeoutMs: value }), /^TypeError: timeoutMs must be a number, got/);
      assert.throws(() => make({ maxRequests: value }), /^TypeError: maxRequests must be a number, got/);
      assert.throws(() => make({ writeLimits: { idleMs: value } }), /^TypeError: writeLimits\.idleMs must be a number/);
      assert.throws(
        () => make({ writeLimits: { totalMs: value } }),
        /^TypeError: writeLimits\.totalMs must be a number/,
      );
    }
    assert.throws(() => make({ errorMode: 'none' as 'continue' }), RangeError);
  }
});
