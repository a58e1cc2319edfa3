/** Metrics about an exporter itself: its build, the process and Node.js, scrapes, tasks and the web configuration. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lint } from '../../src/lint/index.ts';
import { parseText } from '../../src/parse/index.ts';
import { startExample } from '../child.ts';
import { runProgram } from '../program.ts';

/** Returns the distinct prefixes of the names of the families on a page. */
function kindsOf(page: string): string {
  const names = [...page.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name);
  const kinds = ['example', 'metrics_handler', 'nodejs', 'process', 'scheduler_task'];
  return kinds.filter((kind) => names.some((name) => name.startsWith(`${kind}_`))).join(' ');
}

suite('metrics about the exporter itself', { concurrency: 4 }, () => {
  for (const [args, shown] of [
    [[], 'example metrics_handler nodejs process scheduler_task'],
    [['--no-collector.process'], 'example metrics_handler nodejs scheduler_task'],
    [['--no-collector.nodejs'], 'example metrics_handler process scheduler_task'],
    [['--collector.disable-defaults'], 'example metrics_handler scheduler_task'],
    [['--collector.disable-defaults', '--collector.nodejs'], 'example metrics_handler nodejs scheduler_task'],
    [['--web.disable-exporter-metrics', '--collector.process'], 'example'],
  ] as const) {
    test(`${args.join(' ') || 'by default it'} shows ${shown}`, async (t) => {
      const page = await fetch(await startExample(t, args).metricsUrl());
      assert.equal(kindsOf(await page.text()), shown);
    });
  }

  test('the linter for exporters finds nothing', async (t) => {
    const page = await fetch(await startExample(t).metricsUrl());
    const families = parseText(await page.text());
    assert.ok(families.length > 40, String(families.length));
    assert.deepEqual(lint(families, { preset: 'exporter', exporterName: 'example' }), []);
  });

  test('the build is exposed', async (t) => {
    const page = await fetch(await startExample(t).metricsUrl());
    assert.match(
      await page.text(),
      /^example_exporter_build_info\{version="\d[^"]*",nodeversion="v\d[^"]*",os="\w+",arch="\w+"\} 1$/m,
    );
  });

  test('defaultCollectors: false removes the metrics and the flags', async (t) => {
    const program = exporter('defaultCollectors: false', `console.log(await page()); await running.stop();`);
    assert.equal(await runProgram(t, program), '# HELP g Help.\n# TYPE g gauge\ng 1');
    const help = await runProgram(t, `process.argv[2] = '--help';\n${program}`);
    assert.doesNotMatch(help, /collector\.|COLLECTOR_/);
  });

  test('a collector named process replaces the default one', async (t) => {
    const collect = `() => [{ name: 'mine', help: 'Help.', type: 'gauge', points: [{ value: 1 }] }]`;
    const collectors = `collectors: { process: { help: 'Help.', create: () => ({ collect: ${collect} }) } }`;
    const page = await runProgram(t, exporter(collectors, 'console.log(await page()); await running.stop();'));
    assert.match(page, /^mine 1$/m);
    assert.equal(kindsOf(page), 'metrics_handler nodejs');
  });

  test('a scheduler that also exposes its series elsewhere exposes them once', async (t) => {
    const scheduler = `(() => {
      const scheduler = new Scheduler({ registry: defaultRegistry });
      scheduler.every('1h', () => {}, { name: 'a' });
      return scheduler;
    })()`;
    const program = exporter(`scheduler: ${scheduler}`, 'console.log(await page()); await running.stop();');
    const lines = (await runProgram(t, program)).split('\n');
    assert.equal(lines.filter((line) => line.startsWith('scheduler_task_interval_seconds{')).length, 1);
    assert.ok(lines.includes('metrics_handler_errors_total{cause="gathering"} 0'));
  });

  test('stop() leaves no listener or timer, and the process ends by itself', async (t) => {
    // Node.js reports listeners, but not timers and observers that do not keep a process alive.
    const workers = `process.listenerCount('worker')`;
    const rest = `console.log(${workers}); await running.stop(); console.log(${workers});`;
    assert.equal(await runProgram(t, exporter('', rest)), '1\n0');
  });

  test('custom default collectors stop last, after all scrapes', async (t) => {
    const own = `defaultCollectors: () => ({
      stop: () => fetch(running.url).then(() => console.log('served'), () => console.log('stopped')),
    })`;
    assert.equal(await runProgram(t, exporter(own, 'await running.stop();')), 'stopped');
  });
});

/** Returns a program that runs an exporter with the given options, then `rest`. */
function exporter(options: string, rest: string): string {
  return `
    import { defaultRegistry, Gauge, runExporter, Scheduler } from './src/index.js';
    new Gauge({ name: 'g', help: 'Help.' }).set(1);
    process.env.X_EXPORTER_WEB_LISTEN_ADDRESS = '127.0.0.1:0';
    const running = await runExporter({ name: 'x_exporter', defaultPort: 0, ${options} });
    const page = async () => (await fetch(running.url + '/metrics', { headers: { connection: 'close' } })).text();
    ${rest}`;
}
