import * as fs from 'node:fs';
// Imported, because tests replace the module. Functions of the process are called on the global object.
import * as processModule from 'node:process';
import { openTelemetryExemplars } from '../../../metrics/exemplars/open-telemetry.ts';
import { Counter } from '../metrics/counter.ts';
import { Gauge } from '../metrics/gauge.ts';
import { type LabelObject, NO_LABELS } from '../series/label-arguments.ts';
import { metricGroup } from './group.ts';

const MICROSECONDS = 1e6;
const KIBIBYTE = 1024;

export const processCpuTotal = metricGroup(
  ['process_cpu_user_seconds_total', 'process_cpu_system_seconds_total', 'process_cpu_seconds_total'],
  ({ options: { enableExemplars = false }, labels, config }) => {
    let last = process.cpuUsage();
    const user = new Counter({
      ...config('process_cpu_user_seconds_total', 'Total user CPU time spent in seconds.'),
      enableExemplars,
      collect() {
        const usage = process.cpuUsage();
        const userSeconds = (usage.user - last.user) / MICROSECONDS;
        const systemSeconds = (usage.system - last.system) / MICROSECONDS;
        const seconds = (usage.user - last.user + (usage.system - last.system)) / MICROSECONDS;
        last = usage;
        add(user, userSeconds);
        add(system, systemSeconds);
        add(total, seconds);
      },
    });
    const system = new Counter({
      ...config('process_cpu_system_seconds_total', 'Total system CPU time spent in seconds.'),
      enableExemplars,
    });
    const total = new Counter({
      ...config('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.'),
      enableExemplars,
    });
    const add = (counter: Counter, value: number): void => {
      if (enableExemplars) counter.inc({ labels, value, exemplarLabels: activeTrace() });
      else counter.inc(labels, value);
    };
  },
);

export const processStartTime = metricGroup(['process_start_time_seconds'], ({ labels, config }) => {
  const seconds = Math.round(Date.now() / 1000 - process.uptime());
  const gauge = new Gauge({
    ...config('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.'),
    aggregator: 'omit',
    // At each scrape, so that it exists after a reset.
    collect: () => gauge.set(labels, seconds),
  });
});

const RESIDENT = ['process_resident_memory_bytes', 'Resident memory size in bytes.'] as const;

export const osMemoryHeap = metricGroup(
  process.platform === 'linux' ? [RESIDENT[0], 'process_virtual_memory_bytes', 'process_heap_bytes'] : [RESIDENT[0]],
  ({ labels, config }) => {
    if (process.platform !== 'linux') {
      const gauge = new Gauge({ ...config(...RESIDENT), collect: () => gauge.set(labels, process.memoryUsage().rss) });
      return;
    }
    const resident = new Gauge({
      ...config(...RESIDENT),
      collect() {
        const status = readOrEmpty('/proc/self/status');
        const set = (gauge: Gauge, field: string): void => {
          const kibibytes = new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(status)?.[1];
          if (kibibytes !== undefined) gauge.set(labels, Number(kibibytes) * KIBIBYTE);
        };
        set(resident, 'VmRSS');
        set(virtual, 'VmSize');
        set(heap, 'VmData');
      },
    });
    const virtual = new Gauge(config('process_virtual_memory_bytes', 'Virtual memory size in bytes.'));
    const heap = new Gauge(config('process_heap_bytes', 'Process heap size in bytes.'));
  },
);

export const processOpenFileDescriptors = metricGroup(['process_open_fds'], ({ labels, config }) => {
  if (processModule.platform !== 'linux') return;
  const gauge = new Gauge({
    ...config('process_open_fds', 'Number of open file descriptors.'),
    collect() {
      try {
        // Without the descriptor of the folder itself.
        gauge.set(labels, fs.readdirSync('/proc/self/fd').length - 1);
      } catch {
        // The folder does not exist, or all file descriptors are in use.
      }
    },
  });
});

export const processMaxFileDescriptors = metricGroup(['process_max_fds'], ({ labels, config }) => {
  const limit = /^Max open files\s+(\d+)/m.exec(readOrEmpty('/proc/self/limits'))?.[1];
  if (limit === undefined) return;
  const gauge = new Gauge({
    ...config('process_max_fds', 'Maximum number of open file descriptors.'),
    collect: () => gauge.set(labels, Number(limit)),
  });
});

/** Returns the active trace and span with prom-client's label names; no labels without OpenTelemetry. */
function activeTrace(): LabelObject {
  const active = openTelemetryExemplars();
  return active === undefined ? NO_LABELS : { traceId: active['trace_id'], spanId: active['span_id'] };
}

function readOrEmpty(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
