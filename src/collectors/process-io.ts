import type { Group } from './collector-group.ts';
import type { KernelFiles } from './kernel-files.ts';
import { KeyedNumbers } from './keyed-numbers.ts';
import { liveGroup } from './live-group.ts';
import type { LiveFamily } from './live-metric.ts';
import { processStart } from './process-start.ts';

/** What the process has read and written, sockets and pipes included. Linux, from `/proc/self/io`. */
export function processIo(files: KernelFiles): Group {
  return liveGroup(() => new KeyedNumbers(files.read('proc/self/io')), FAMILIES);
}

const FAMILIES: readonly LiveFamily<KeyedNumbers>[] = [
  line('process_io_read_bytes_total', 'Bytes read with system calls.', 'rchar'),
  line('process_io_written_bytes_total', 'Bytes written with system calls.', 'wchar'),
  line('process_io_read_syscalls_total', 'System calls that read.', 'syscr'),
  line('process_io_write_syscalls_total', 'System calls that wrote.', 'syscw'),
  line('process_io_storage_read_bytes_total', 'Bytes fetched from storage.', 'read_bytes'),
  line('process_io_storage_written_bytes_total', 'Bytes sent to storage.', 'write_bytes'),
];

function line(name: string, help: string, key: string): LiveFamily<KeyedNumbers> {
  return { name, help, type: 'counter', startTimestamp: processStart, value: (io) => io.number(key) };
}
