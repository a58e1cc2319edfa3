import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { collectProcess } from '../../src/collectors/index.ts';
import { Gauge, Registry } from '../../src/index.ts';
import { needs } from '../installed-programs.ts';
import { linux, writeRootFiles } from './root-files.ts';
import { namesOf, valuesOf } from './scrape.ts';

/** Names and help texts of "Writing client libraries". */
const STANDARD = {
  process_cpu_seconds_total: 'Total user and system CPU time spent in seconds.',
  process_open_fds: 'Number of open file descriptors.',
  process_max_fds: 'Maximum number of open file descriptors.',
  process_virtual_memory_bytes: 'Virtual memory size in bytes.',
  process_virtual_memory_max_bytes: 'Maximum amount of virtual memory available in bytes.',
  process_resident_memory_bytes: 'Resident memory size in bytes.',
  process_heap_bytes: 'Process heap size in bytes.',
  process_start_time_seconds: 'Start time of the process since unix epoch in seconds.',
  process_threads: 'Number of OS threads in the process.',
};

test('the nine standard metrics have their names and help texts', async (t) => {
  const registry = new Registry();
  collectProcess({ registry, root: writeRootFiles(t, linux) });
  const text = await registry.expose();
  for (const [name, help] of Object.entries(STANDARD)) assert.ok(text.includes(`# HELP ${name} ${help}\n`), name);
});

test('the files of the kernel are parsed', async (t) => {
  const registry = new Registry();
  collectProcess({ registry, root: writeRootFiles(t, linux) });
  const values = await valuesOf(registry);
  const expected = {
    process_open_fds: 3,
    process_max_fds: 1024,
    process_virtual_memory_bytes: 1024000 * 1024,
    process_virtual_memory_max_bytes: Number.POSITIVE_INFINITY,
    process_resident_memory_bytes: 61440 * 1024,
    process_heap_bytes: 102400 * 1024,
    process_threads: 11,
    process_resident_memory_peak_bytes: 71680 * 1024,
    process_resident_memory_anon_bytes: 20480 * 1024,
    process_resident_memory_file_bytes: 40960 * 1024,
    process_resident_memory_shared_bytes: 0,
    process_virtual_memory_peak_bytes: 1228800 * 1024,
    process_swap_bytes: 128 * 1024,
    process_io_read_bytes_total: 1000,
    process_io_written_bytes_total: 2000,
    process_io_read_syscalls_total: 30,
    process_io_write_syscalls_total: 40,
    process_io_storage_read_bytes_total: 4096,
    process_io_storage_written_bytes_total: 8192,
    process_network_receive_bytes_total: 1928084000,
    process_network_transmit_bytes_total: 4761000,
    process_cgroup_memory_usage_bytes: 134217728,
    process_cgroup_memory_oom_kills_total: 1,
    process_cgroup_cpu_periods_total: 500,
    process_cgroup_cpu_throttled_periods_total: 25,
    process_cgroup_cpu_throttled_seconds_total: 1.25,
    process_pressure_cpu_waiting_seconds_total: 2.5,
    process_pressure_cpu_stalled_seconds_total: 0,
    process_pressure_io_waiting_seconds_total: 1,
    process_pressure_io_stalled_seconds_total: 0.5,
    process_pressure_memory_waiting_seconds_total: 0.25,
    process_pressure_memory_stalled_seconds_total: 0.125,
  };
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, values.get(name)])), expected);
});

test('the limits of a control group include those of its ancestors', async (t) => {
  const registry = new Registry();
  collectProcess({ registry, root: writeRootFiles(t, linux) });
  const values = await valuesOf(registry);
  assert.equal(values.get('process_cgroup_memory_limit_bytes'), 536870912);
  assert.equal(values.get('process_cgroup_cpu_limit_cores'), 1.5);
});

test('a container that sees its own group as the root exposes that group', async (t) => {
  const registry = new Registry();
  const files = {
    'proc/self/cgroup': '0::/docker/0123456789abcdef\n',
    'sys/fs/cgroup/cgroup.controllers': 'cpu memory\n',
    'sys/fs/cgroup/memory.max': '1000000\n',
    'sys/fs/cgroup/memory.current': '999\n',
  };
  collectProcess({ registry, root: writeRootFiles(t, files) });
  const values = await valuesOf(registry);
  assert.equal(values.get('process_cgroup_memory_limit_bytes'), 1_000_000);
  assert.equal(values.get('process_cgroup_memory_usage_bytes'), 999);
});

test('the path of a control group cannot leave the folder of control groups', async (t) => {
  const registry = new Registry();
  const files = {
    ...linux,
    'proc/self/cgroup': '0::/../../../etc\n',
    'etc/cgroup.controllers': '',
    'etc/memory.max': '1',
  };
  collectProcess({ registry, root: writeRootFiles(t, files) });
  assert.deepEqual(
    (await namesOf(registry)).filter((name) => name.includes('cgroup')),
    [],
  );
});

test('without /proc and /sys their metrics are missing, and nothing fails', async (t) => {
  const registry = new Registry();
  collectProcess({ registry, root: writeRootFiles(t, {}) });
  const { failures } = await registry.gather();
  assert.deepEqual(failures, []);
  assert.deepEqual(await namesOf(registry), [
    'process_context_switches_total',
    'process_cpu_seconds_total',
    'process_cpu_system_seconds_total',
    'process_cpu_user_seconds_total',
    'process_major_pagefaults_total',
    'process_minor_pagefaults_total',
    'process_start_time_seconds',
  ]);
});

for (const [what, content] of [
  ['empty', ''],
  ['full of other lines', 'a\nb: \nVmRSS: x kB\nMax open files\nsome total=\n0::\n'],
  ['of 100 KiB', 'x'.repeat(100 * 1024)],
  ['binary', '\0\xff\n\0: 1'],
] as const) {
  test(`files that are ${what} are treated as missing`, async (t) => {
    const registry = new Registry();
    const files = Object.fromEntries(Object.keys(linux).map((path) => [path, content]));
    collectProcess({ registry, root: writeRootFiles(t, files) });
    const { failures } = await registry.gather();
    assert.deepEqual(failures, []);
    for (const [series, value] of await valuesOf(registry)) assert.ok(!Number.isNaN(value), `${series} ${value}`);
    assert.ok(!(await namesOf(registry)).includes('process_resident_memory_bytes'));
  });
}

test('values agree with ps, prlimit and the list of open files', needs('ps', 'prlimit'), async () => {
  const registry = new Registry();
  collectProcess({ registry });
  const values = await valuesOf(registry);
  const value = (name: string) => values.get(name) ?? Number.NaN;
  const ps = (field: string) =>
    Number(execFileSync('ps', ['-o', `${field}=`, '-p', String(process.pid)], { encoding: 'utf8' }));
  const prlimit = (resource: string) =>
    Number(
      execFileSync('prlimit', ['--pid', String(process.pid), `--${resource}`, '-o', 'SOFT', '--noheadings'], {
        encoding: 'utf8',
      })
        .trim()
        .replace('unlimited', 'Infinity'),
    );
  assertNear(value('process_resident_memory_bytes'), ps('rss') * 1024, 0.2);
  assertNear(value('process_virtual_memory_bytes'), ps('vsz') * 1024, 0.2);
  assertWithin(value('process_threads'), ps('nlwp'), 4); // Thread pools start threads on demand.
  assertWithin(value('process_start_time_seconds'), Date.now() / 1000 - ps('etimes'), 2);
  assert.equal(value('process_max_fds'), prlimit('nofile'));
  assert.equal(value('process_virtual_memory_max_bytes'), prlimit('as'));
  assertNear(value('process_open_fds'), readdirSync('/proc/self/fd').length - 1, 0.2);
  assertWithin(value('process_cpu_seconds_total'), ps('cputimes'), 2);
});

test('an additional open file is counted', {
  skip: process.platform !== 'linux' && 'Only Linux lists the open files of a process.',
}, async (t) => {
  const registry = new Registry();
  collectProcess({ registry });
  const before = (await valuesOf(registry)).get('process_open_fds') ?? 0;
  const { open } = await import('node:fs/promises');
  const files = await Promise.all(Array.from({ length: 10 }, () => open('package.json')));
  t.after(() => Promise.all(files.map((file) => file.close())));
  assert.equal((await valuesOf(registry)).get('process_open_fds'), before + 10);
});

test('a group that is left out is not exposed', async (t) => {
  const registry = new Registry();
  const root = writeRootFiles(t, linux);
  collectProcess({ registry, root, groups: { standard: false, cgroup: false, pressure: false, network: true } });
  const names = await namesOf(registry);
  assert.ok(names.includes('process_network_receive_bytes_total'));
  assert.deepEqual(
    names.filter((name) => /cpu|cgroup|pressure|fds/.test(name)),
    [],
  );
});

test('an unknown group is rejected', () => {
  assert.throws(
    // @ts-expect-error unknown group
    () => collectProcess({ registry: new Registry(), groups: { networks: false } }),
    new TypeError(
      'Unknown group networks: groups must be among standard, memory, io, network, usage, cgroup, pressure.',
    ),
  );
});

test('names get the prefix and series the labels', async (t) => {
  const registry = new Registry();
  collectProcess({ registry, root: writeRootFiles(t, linux), prefix: 'app_', labels: { zone: 'a"b' } });
  const values = await valuesOf(registry);
  assert.equal(values.get('app_process_threads{zone="a\\"b"}'), 11);
  assert.ok(values.has('app_process_context_switches_total{zone="a\\"b",kind="voluntary"}'));
});

test('a label that a metric already has is rejected, and nothing stays registered', async () => {
  const registry = new Registry();
  assert.throws(() => collectProcess({ registry, labels: { kind: 'x' } }), RangeError);
  assert.deepEqual(await namesOf(registry), []);
});

test('if a name is taken, nothing stays registered', async () => {
  const registry = new Registry();
  new Gauge({ name: 'process_threads', help: 'Mine.', registry });
  assert.throws(() => collectProcess({ registry }), /process_threads is already registered/);
  assert.deepEqual(await namesOf(registry), ['process_threads']);
});

test('collectors in two registries are independent', async () => {
  const [one, other] = [new Registry(), new Registry()];
  const handle = collectProcess({ registry: one });
  collectProcess({ registry: other });
  handle.stop();
  assert.deepEqual(await namesOf(one), []);
  assert.ok((await namesOf(other)).includes('process_cpu_seconds_total'));
});

test('it stops at the end of a using block, and can be stopped twice', async () => {
  const registry = new Registry();
  {
    using handle = collectProcess({ registry });
    handle.stop();
  }
  assert.deepEqual(await namesOf(registry), []);
});

test('a view of a registry can be used', async (t) => {
  const registry = new Registry();
  const handle = collectProcess({ registry: registry.withPrefix('team_'), root: writeRootFiles(t, linux) });
  assert.equal((await valuesOf(registry)).get('team_process_threads'), 11);
  handle.stop();
  assert.deepEqual(await namesOf(registry), []);
});

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= Math.abs(expected) * tolerance, `${actual} is not near ${expected}.`);
}

function assertWithin(actual: number, expected: number, difference: number): void {
  assert.ok(Math.abs(actual - expected) <= difference, `${actual} is not within ${difference} of ${expected}.`);
}
