import { ifAvailable, reportMissing } from '../model/missing-api.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { Cgroup } from './cgroup.ts';
import {
  COLLECTOR_OPTIONS,
  type CollectorGroup,
  type CollectorHandle,
  type CollectorOptions,
  startGroups,
} from './collector-group.ts';
import { KernelFiles, KeyedNumbers } from './kernel-files.ts';
import { ScrapeReading } from './live-metric.ts';
import { processCgroup } from './process-cgroup.ts';
import { processIo, processMemory, processNetwork, processPressure } from './process-linux.ts';
import { processUsage, standardProcess } from './process-standard.ts';

/** Groups of process metrics that can be left out. */
export type ProcessGroup = 'standard' | 'memory' | 'io' | 'network' | 'usage' | 'cgroup' | 'pressure';

/** Options of {@link collectProcess}. */
export interface ProcessOptions extends CollectorOptions<ProcessGroup> {
  /**
   * Directory that contains `proc` and `sys`.
   *
   * @defaultValue `'/'`
   */
  readonly root?: string;
}

const PROCESS_OPTIONS: OptionNames<ProcessOptions> = {
  ...COLLECTOR_OPTIONS,
  root: true,
};

/**
 * Collects metrics of this process, `process_*`: the standard metrics of all Prometheus clients and more. They are read at
 * each scrape and never in between. Metrics that the platform does not provide are left out.
 *
 * @returns a handle; the same one if it is called again for the registry.
 * @throws {TypeError} for an unknown option, and if `groups` names an unknown group.
 * @throws {Error} if another metric has one of the names.
 *
 * @example
 * ```ts
 * import { defaultRegistry } from 'zeroprom';
 * import { collectProcess } from 'zeroprom/collectors';
 *
 * const metrics = collectProcess({ groups: { pressure: false } });
 * console.log(await defaultRegistry.expose());
 * metrics.stop();
 * ```
 */
export function collectProcess(allOptions: ProcessOptions = {}): CollectorHandle {
  checkOptionNames('collectProcess()', allOptions, PROCESS_OPTIONS);
  const { root, ...options } = allOptions;
  return startGroups(processGroups(root), options);
}

export function processGroups(root = '/'): Readonly<Record<ProcessGroup, CollectorGroup>> {
  const files = new KernelFiles(root);
  const cgroup = Cgroup.of(files);
  const status = new ScrapeReading(() => new KeyedNumbers(statusIn(files)));
  const usage = new ScrapeReading(() => ifAvailable('process.resourceUsage()', () => process.resourceUsage()));
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

/** Only Linux has the file. */
function statusIn(files: KernelFiles): string | undefined {
  const text = files.read('proc/self/status');
  if (text === undefined && process.platform === 'linux') reportMissing('/proc/self/status', 'the file cannot be read');
  return text;
}
