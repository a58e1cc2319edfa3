import type { ProcessState } from '../protocol.ts';
import type { FamilyTable } from '../sampling/family-table.ts';
import { cut } from '../sampling/shown-text.ts';

/** Names that clients of several languages use, in order of preference. */
const GAUGES = {
  residentBytes: ['process_resident_memory_bytes'],
  heapUsedBytes: ['nodejs_heap_size_used_bytes', 'go_memstats_heap_inuse_bytes'],
  heapLimitBytes: ['nodejs_heap_size_limit_bytes'],
} as const;

/** Returns the state of another process, as far as its metrics tell. */
export function scrapedProcess(table: FamilyTable): ProcessState {
  const gauges = Object.entries(GAUGES).flatMap(([member, names]) => {
    const value = names.map((name) => table.get(name)?.values.value).find((found) => typeof found === 'number');
    return value === undefined ? [] : [[member, value] as const];
  });
  const cpu = table.get('process_cpu_seconds_total')?.values.rate;
  return { ...(cpu === undefined ? {} : { cpu }), ...Object.fromEntries(gauges) };
}

/** Returns when another process started, in milliseconds since the epoch. */
export function scrapedStart(table: FamilyTable): number | undefined {
  const seconds = table.get('process_start_time_seconds')?.values.value;
  return typeof seconds === 'number' ? Math.round(seconds * 1000) : undefined;
}

/** Returns the version of another program, from the first info about its build. */
export function scrapedVersion(table: FamilyTable): string | undefined {
  const builds = table.records.filter(({ descriptor: { name } }) => name.endsWith('_build_info'));
  const [first] = builds.flatMap(({ series }) => series.list);
  const place = first?.names.indexOf('version') ?? -1;
  const version = first?.values[place];
  return version ? cut(version) : undefined;
}
