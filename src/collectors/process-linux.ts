import type { Cgroup } from './cgroup.ts';
import type { CollectorGroup } from './collector-group.ts';
import { type KernelFiles, KeyedNumbers } from './kernel-files.ts';
import { type LiveFamily, liveGroup, type ScrapeReading } from './live-metric.ts';
import { processStart } from './process-standard.ts';

/** Breakdown of the memory, from `/proc/self/status`. */
export function processMemory(status: ScrapeReading<KeyedNumbers>): CollectorGroup {
  return liveGroup((context) => status.at(context), MEMORY);
}

const MEMORY: readonly LiveFamily<KeyedNumbers>[] = [
  memory('process_resident_memory_peak_bytes', 'Maximum resident memory size so far in bytes.', 'VmHWM'),
  memory('process_resident_memory_anon_bytes', 'Resident anonymous memory size in bytes.', 'RssAnon'),
  memory('process_resident_memory_file_bytes', 'Resident memory size of mapped files in bytes.', 'RssFile'),
  memory('process_resident_memory_shared_bytes', 'Resident shared memory size in bytes.', 'RssShmem'),
  memory('process_virtual_memory_peak_bytes', 'Maximum virtual memory size so far in bytes.', 'VmPeak'),
  memory('process_swap_bytes', 'Swapped-out memory size in bytes.', 'VmSwap'),
];

function memory(name: string, help: string, key: string): LiveFamily<KeyedNumbers> {
  return { name, help, type: 'gauge', value: (status) => status.bytes(key) };
}

/** Bytes read and written, including sockets and pipes, from `/proc/self/io`. */
export function processIo(files: KernelFiles): CollectorGroup {
  return liveGroup(() => new KeyedNumbers(files.read('proc/self/io')), IO);
}

const IO: readonly LiveFamily<KeyedNumbers>[] = [
  io('process_io_read_bytes_total', 'Total number of bytes read with system calls.', 'rchar'),
  io('process_io_written_bytes_total', 'Total number of bytes written with system calls.', 'wchar'),
  io('process_io_read_syscalls_total', 'Total number of read system calls.', 'syscr'),
  io('process_io_write_syscalls_total', 'Total number of write system calls.', 'syscw'),
  io('process_io_storage_read_bytes_total', 'Total number of bytes read from storage.', 'read_bytes'),
  io('process_io_storage_written_bytes_total', 'Total number of bytes written to storage.', 'write_bytes'),
];

function io(name: string, help: string, key: string): LiveFamily<KeyedNumbers> {
  return { name, help, type: 'counter', startTimestamp: processStart, value: (numbers) => numbers.number(key) };
}

interface NetworkBytes {
  readonly received: number;
  readonly transmitted: number;
}

/** Traffic of the network interfaces in the network namespace of the process, from `/proc/self/net/dev`. */
export function processNetwork(files: KernelFiles): CollectorGroup {
  return liveGroup<NetworkBytes>(
    () => networkBytes(files.read('proc/self/net/dev')),
    [
      {
        name: 'process_network_receive_bytes_total',
        help: 'Total number of bytes received on the network interfaces visible to the process, except loopback.',
        type: 'counter',
        value: ({ received }) => received,
      },
      {
        name: 'process_network_transmit_bytes_total',
        help: 'Total number of bytes sent on the network interfaces visible to the process, except loopback.',
        type: 'counter',
        value: ({ transmitted }) => transmitted,
      },
    ],
  );
}

/** Sums of all interfaces except loopback: `  eth0: 1928083647   49979 ...`, 8 columns received, then 8 sent. */
function networkBytes(table: string | undefined): NetworkBytes | undefined {
  if (table === undefined) return undefined;
  let received = 0;
  let transmitted = 0;
  for (const line of table.split('\n').slice(2)) {
    const end = line.lastIndexOf(':');
    if (end < 0 || line.slice(0, end).trim() === 'lo') continue;
    const columns = line
      .slice(end + 1)
      .trim()
      .split(/\s+/);
    received += Number(columns[0] ?? 0);
    transmitted += Number(columns[8] ?? 0);
  }
  return Number.isFinite(received + transmitted) ? { received, transmitted } : undefined;
}

const RESOURCES = ['cpu', 'io', 'memory'] as const;
type Resource = (typeof RESOURCES)[number];
type Pressure = ReadonlyMap<Resource, string | undefined>;
const RESOURCE_NAMES = { cpu: 'CPU', io: 'I/O', memory: 'memory' } as const satisfies Record<Resource, string>;

/** Pressure stall information of the control group. */
export function processPressure(cgroup: Cgroup | undefined): CollectorGroup {
  return liveGroup(
    () => cgroup && new Map(RESOURCES.map((resource) => [resource, cgroup.read(`${resource}.pressure`)])),
    PRESSURE,
  );
}

const PRESSURE: readonly LiveFamily<Pressure>[] = RESOURCES.flatMap((resource) => [
  {
    name: `process_pressure_${resource}_waiting_seconds_total`,
    help: `Total time in seconds in which at least one task of the control group waited for ${RESOURCE_NAMES[resource]}.`,
    type: 'counter' as const,
    value: (pressure: Pressure) => stalledSeconds(pressure.get(resource), 'some'),
  },
  {
    name: `process_pressure_${resource}_stalled_seconds_total`,
    help: `Total time in seconds in which all tasks of the control group waited for ${RESOURCE_NAMES[resource]} simultaneously.`,
    type: 'counter' as const,
    value: (pressure: Pressure) => stalledSeconds(pressure.get(resource), 'full'),
  },
]);

/** From a line such as `some avg10=0.00 avg60=0.00 avg300=0.00 total=1234`, with the total in microseconds. */
function stalledSeconds(text: string | undefined, kind: 'some' | 'full'): number | undefined {
  const digits = new RegExp(`^${kind} .*total=(\\d+)$`, 'm').exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits) / 1e6;
}
