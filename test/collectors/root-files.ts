import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** Writes files into a temporary folder, which is removed when the test ends, and returns its path. */
export function writeRootFiles(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'zeroprom-root-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const group = 'sys/fs/cgroup/pod/app';
const pressure = (some: number, full: number) =>
  `some avg10=0.00 avg60=0.12 avg300=0.05 total=${some}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=${full}\n`;

/** The files of a current Linux, including control groups. */
export const linux: Readonly<Record<string, string>> = {
  'proc/self/status': [
    'Name:\tnode',
    'VmPeak:\t 1228800 kB',
    'VmSize:\t 1024000 kB',
    'VmHWM:\t   71680 kB',
    'VmRSS:\t   61440 kB',
    'RssAnon:\t   20480 kB',
    'RssFile:\t   40960 kB',
    'RssShmem:\t       0 kB',
    'VmData:\t  102400 kB',
    'VmSwap:\t     128 kB',
    'Threads:\t11',
    'voluntary_ctxt_switches:\t150',
    '',
  ].join('\n'),
  'proc/self/limits': [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max open files            1024                 524288               files     ',
    'Max address space         unlimited            unlimited            bytes     ',
    '',
  ].join('\n'),
  'proc/self/fd/0': '',
  'proc/self/fd/1': '',
  'proc/self/fd/2': '',
  'proc/self/io':
    'rchar: 1000\nwchar: 2000\nsyscr: 30\nsyscw: 40\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n',
  'proc/self/net/dev': [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    '    lo: 9999999      10    0    0    0     0          0         0  9999999      10    0    0    0     0       0          0',
    '  eth0: 1928083647   49979    0    0    0     0          0         0  4760932   35095    0    0    0     0       0          0',
    'eth0:1:     353       1    0    0    0     0          0         0       68       1    0    0    0     0       0          0',
    '',
  ].join('\n'),
  'proc/self/cgroup': '0::/pod/app\n',
  'sys/fs/cgroup/cgroup.controllers': 'cpu io memory\n',
  'sys/fs/cgroup/pod/cgroup.controllers': 'cpu io memory\n',
  'sys/fs/cgroup/pod/memory.max': '536870912\n',
  'sys/fs/cgroup/pod/cpu.max': 'max 100000\n',
  [`${group}/cgroup.controllers`]: 'cpu io memory\n',
  [`${group}/memory.max`]: 'max\n',
  [`${group}/memory.current`]: '134217728\n',
  [`${group}/memory.events`]: 'low 0\nhigh 0\nmax 7\noom 2\noom_kill 1\noom_group_kill 0\n',
  [`${group}/cpu.max`]: '150000 100000\n',
  [`${group}/cpu.stat`]: 'usage_usec 5\nnr_periods 500\nnr_throttled 25\nthrottled_usec 1250000\n',
  [`${group}/cpu.pressure`]: pressure(2_500_000, 0),
  [`${group}/io.pressure`]: pressure(1_000_000, 500_000),
  [`${group}/memory.pressure`]: pressure(250_000, 125_000),
};
