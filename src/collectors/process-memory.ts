import type { Group } from './collector-group.ts';
import type { KeyedNumbers } from './keyed-numbers.ts';
import { liveGroup } from './live-group.ts';
import type { LiveFamily, Source } from './live-metric.ts';

/** What resident memory is made of, from `/proc/self/status`. Linux. */
export function processMemory(status: Source<KeyedNumbers>): Group {
  return liveGroup((context) => status.at(context), FAMILIES);
}

const FAMILIES: readonly LiveFamily<KeyedNumbers>[] = [
  line('process_resident_memory_peak_bytes', 'Largest resident memory size so far in bytes.', 'VmHWM'),
  line('process_resident_memory_anon_bytes', 'Resident memory that no file stands behind in bytes.', 'RssAnon'),
  line('process_resident_memory_file_bytes', 'Resident memory that maps files in bytes.', 'RssFile'),
  line('process_resident_memory_shared_bytes', 'Resident memory that is shared in bytes.', 'RssShmem'),
  line('process_virtual_memory_peak_bytes', 'Largest virtual memory size so far in bytes.', 'VmPeak'),
  line('process_swap_bytes', 'Memory that is swapped out in bytes.', 'VmSwap'),
];

function line(name: string, help: string, key: string): LiveFamily<KeyedNumbers> {
  return { name, help, type: 'gauge', value: (status) => status.bytes(key) };
}
