import { Cgroup } from './cgroup.ts';
import { type CollectorOptions, collect } from './collect.ts';
import type { CollectorHandle, Group } from './collector-group.ts';
import { KernelFiles } from './kernel-files.ts';
import { KeyedNumbers } from './keyed-numbers.ts';
import { Source } from './live-metric.ts';
import { processCgroup } from './process-cgroup.ts';
import { processIo } from './process-io.ts';
import { processMemory } from './process-memory.ts';
import { processNetwork } from './process-network.ts';
import { processPressure } from './process-pressure.ts';
import { standardProcess } from './process-standard.ts';
import { processUsage } from './process-usage.ts';

export type ProcessGroup = 'standard' | 'memory' | 'io' | 'network' | 'usage' | 'cgroup' | 'pressure';

export interface ProcessOptions extends CollectorOptions<ProcessGroup> {
  /** Where the tree that has `proc` and `sys` in it begins; `/` by default. */
  readonly root?: string;
}

/**
 * Shows what the operating system knows of this process: `process_...`, the standard metrics of all Prometheus clients and
 * more. Read at each scrape, and never between; what the platform lacks is left out.
 */
export function collectProcess({ root, ...options }: ProcessOptions = {}): CollectorHandle {
  return collect(processGroups(root), options);
}

export function processGroups(root = '/'): Readonly<Record<ProcessGroup, Group>> {
  const files = new KernelFiles(root);
  const cgroup = Cgroup.of(files);
  const status = new Source(() => new KeyedNumbers(files.read('proc/self/status')));
  const usage = new Source(() => process.resourceUsage());
  return {
    standard: standardProcess(files, { status, usage }),
    memory: processMemory(status),
    io: processIo(files),
    network: processNetwork(files),
    usage: processUsage(usage),
    cgroup: processCgroup(cgroup),
    pressure: processPressure(cgroup),
  };
}
