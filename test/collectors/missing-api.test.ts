/** Programs on runtimes without some APIs of Node.js, which are removed before the package is loaded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from '../program.ts';

interface Served {
  readonly statuses: readonly number[];
  /** Names of the families of each page. */
  readonly families: readonly (readonly string[])[];
  readonly probe: readonly string[];
  readonly warnings: readonly string[];
}

/** Collects, measures and serves everything, after the code has removed something. */
const program = (remove: string) => `
  import { once } from 'node:events';
  import { createServer } from 'node:http';
  import { createRequire, syncBuiltinESMExports } from 'node:module';

  const require = createRequire(import.meta.url);
  const fail = () => { throw new Error('Not here.'); };
  ${remove};
  syncBuiltinESMExports();
  const warnings = [];
  process.on('warning', ({ name, message }) => warnings.push(name + ': ' + message));

  const { Counter, defaultRegistry, metricsHandler } = await import('./src/index.js');
  const { collectDefaults } = await import('./src/collectors/index.js');
  const { instrumentListener } = await import('./src/instrument/index.js');
  const { Scheduler } = await import('./src/scheduler/index.js');
  const { ProcessProbe } = await import('./src/status-page/sampling/process-probe.js');

  const defaults = collectDefaults();
  const scheduler = new Scheduler();
  scheduler.every('1h', () => {}, { name: 'task', jitter: 'hash' });
  new Counter({ name: 'mine_total', help: 'Mine.' }).inc();
  const family = { name: 'other', help: 'Other.', type: 'gauge', points: [{ value: 1 }] };
  defaultRegistry.register({ name: 'other', collect: async () => [family] });
  const metrics = metricsHandler();
  const server = createServer(instrumentListener((request, response) => metrics(request, response)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const probe = new ProcessProbe(true);
  probe.start();

  const [statuses, families] = [[], []];
  for (const coding of ['identity', 'gzip', 'zstd, gzip']) {
    const url = 'http://127.0.0.1:' + server.address().port + '/page';
    const response = await fetch(url, { headers: { 'accept-encoding': coding } });
    statuses.push(response.status);
    families.push([...(await response.text()).matchAll(/^# TYPE (\\S+)/gm)].map(([, name]) => name));
  }
  // The delay is known only once a timer has fired.
  const read = Object.keys(probe.read()).filter((name) => !name.startsWith('loopDelay'));
  probe.stop();
  await scheduler.stop();
  defaults.stop();
  server.close();
  server.closeAllConnections();
  await new Promise(setImmediate); // Warnings are emitted in the next tick.
  console.log(JSON.stringify({ statuses, families, probe: read, warnings }));`;

const removed = (object: string, name: string) => `${object}.${name} = undefined`;
const failing = (object: string, name: string) => `${object}.${name} = fail`;
/** Modules can still be read. */
const withoutKernelFiles = `
  const files = require('fs');
  for (const name of ['openSync', 'readdirSync', 'statfsSync', 'statSync']) {
    const real = files[name];
    files[name] = (path, ...rest) => (/^.(proc|sys)\\b/.test(path) ? fail() : real(path, ...rest));
  }`;

interface Case {
  readonly api: string;
  /** Code that removes it, and code that makes it throw. */
  readonly codes: readonly string[];
  /** Families that need it. */
  readonly needs: RegExp;
  /** Fields of the status page that need it. */
  readonly probeNeeds?: RegExp;
  /** Nothing is lost, and nothing is reported. */
  readonly isSilent?: boolean;
}

const both = (object: string, name: string) => [removed(object, name), failing(object, name)];
const NONE = /^$/;

const cases: readonly Case[] = [
  {
    api: 'process.resourceUsage()',
    codes: both('process', 'resourceUsage'),
    needs: /^process_(cpu_.*|.*_pagefaults_total|context_switches_total)$/,
  },
  {
    api: 'process.getActiveResourcesInfo()',
    codes: both('process', 'getActiveResourcesInfo'),
    needs: /^nodejs_active_resources$/,
  },
  {
    api: 'process.memoryUsage()',
    codes: ['process.memoryUsage = Object.assign(fail, { rss: process.memoryUsage.rss })'],
    needs: /^nodejs_array_buffers_bytes$/,
  },
  {
    api: 'process.memoryUsage.rss()',
    codes: both('process.memoryUsage', 'rss'),
    needs: NONE,
    probeNeeds: /^residentBytes$/,
  },
  { api: 'process.cpuUsage()', codes: both('process', 'cpuUsage'), needs: NONE, probeNeeds: /^cpu$/ },
  { api: 'process.uptime()', codes: both('process', 'uptime'), needs: /^process_start_time_seconds$/ },
  {
    api: 'v8.getHeapStatistics()',
    codes: both("require('v8')", 'getHeapStatistics'),
    needs: /^nodejs_(heap_size_.*|external_memory_bytes|malloced_memory_bytes|.*_contexts)$/,
    probeNeeds: /^heap/,
  },
  {
    api: 'v8.getHeapSpaceStatistics()',
    codes: both("require('v8')", 'getHeapSpaceStatistics'),
    needs: /^nodejs_heap_space_/,
  },
  {
    api: 'performance.eventLoopUtilization()',
    codes: both('performance', 'eventLoopUtilization'),
    needs: /^nodejs_eventloop_time_seconds_total$/,
    probeNeeds: /^loopUtilization$/,
  },
  {
    api: 'perf_hooks.monitorEventLoopDelay()',
    codes: both("require('perf_hooks')", 'monitorEventLoopDelay'),
    needs: NONE,
  },
  {
    api: "PerformanceObserver for 'gc'",
    codes: [
      ...both("require('perf_hooks')", 'PerformanceObserver'),
      "require('perf_hooks').PerformanceObserver.prototype.observe = fail",
    ],
    needs: /^nodejs_gc_duration_seconds$/,
  },
  {
    api: '/proc/self/status',
    codes: [withoutKernelFiles],
    needs:
      /^process_(open_fds|max_fds|virtual_.*|resident_.*|heap_bytes|threads|swap.*|memory.*|.*read.*|.*writ.*|io_.*|network_.*|cgroup_.*|pressure.*|oom.*)/,
  },
  {
    api: 'process.getBuiltinModule()',
    codes: both('process', 'getBuiltinModule'),
    needs: /^nodejs_(gc_duration_seconds|heap_.*|external_memory_bytes|malloced_memory_bytes|.*_contexts)$/,
  },
  { api: 'os.hostname()', codes: both("require('os')", 'hostname'), needs: NONE },
  {
    api: 'zlib.createZstdCompress()',
    codes: ["delete require('zlib').createZstdCompress; delete require('zlib').zstdCompress"],
    needs: NONE,
    isSilent: true,
  },
  { api: 'async_hooks', codes: ["delete require('async_hooks').AsyncLocalStorage"], needs: NONE, isSilent: true },
];

const served = async (t: Parameters<typeof runProgram>[0], remove: string): Promise<Served> =>
  JSON.parse(await runProgram(t, program(remove)));

let complete: Promise<Served> | undefined;

test('with all APIs of Node.js, nothing is reported', async (t) => {
  complete = served(t, '');
  const { statuses, warnings } = await complete;
  assert.deepEqual([statuses, warnings], [[200, 200, 200], []]);
});

for (const { api, codes, needs, probeNeeds = NONE, isSilent = false } of cases) {
  for (const [index, code] of codes.entries()) {
    test(`without ${api} (${index}), one warning names it and all else is served`, async (t) => {
      complete ??= served(t, '');
      const [whole, partial] = await Promise.all([complete, served(t, code)]);
      const expected = whole.families.map((names) => names.filter((name) => !needs.test(name)));
      assert.deepEqual(partial.statuses, [200, 200, 200]);
      assert.deepEqual(partial.families, expected);
      assert.deepEqual(
        partial.probe,
        whole.probe.filter((name) => !probeNeeds.test(name)),
      );
      assert.equal(partial.warnings.length, isSilent ? 0 : 1, partial.warnings.join('\n'));
      if (!isSilent) assert.ok(partial.warnings[0]?.startsWith(`ZeropromWarning: ${api} `), partial.warnings[0]);
    });
  }
}
