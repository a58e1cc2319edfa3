import type { Dashboard } from './dashboard.ts';
import { quantile, rateOf } from './panels.ts';

export const nodeRuntime: Dashboard = {
  name: 'node-runtime',
  title: 'Node.js runtime',
  description: 'Node.js processes: CPU, memory, event loop, garbage collection, files and network.',
  metric: 'nodejs_version_info',
  panels: [
    {
      title: 'CPU',
      description: 'Used CPU cores, and the CPU limit of the container.',
      unit: 'none',
      queries: {
        'user {{instance}}': rateOf('process_cpu_user_seconds_total'),
        'system {{instance}}': rateOf('process_cpu_system_seconds_total'),
        'limit {{instance}}': 'process_cgroup_cpu_limit_cores{$$} < Inf',
      },
    },
    {
      title: 'Memory',
      description: 'Resident memory, and the memory limit of the container.',
      unit: 'bytes',
      queries: {
        'resident {{instance}}': 'process_resident_memory_bytes{$$}',
        'limit {{instance}}': 'process_cgroup_memory_limit_bytes{$$} < Inf',
      },
    },
    {
      title: 'Uptime',
      description: 'Time since the process started.',
      unit: 's',
      queries: { '{{instance}}': 'time() - process_start_time_seconds{$$}' },
    },
    {
      title: 'Event loop delay',
      description: 'Delay of timers in the event loop.',
      unit: 's',
      queries: {
        'p50 {{instance}}': quantile(0.5, 'nodejs_eventloop_delay_seconds', 'instance, le'),
        'p99 {{instance}}': quantile(0.99, 'nodejs_eventloop_delay_seconds', 'instance, le'),
        'mean {{instance}}': `${rateOf('nodejs_eventloop_delay_seconds_sum')} / ${rateOf('nodejs_eventloop_delay_seconds_count')}`,
      },
    },
    {
      title: 'Event loop utilization',
      description: 'Fraction of time in which the event loop runs code. 100 % is the limit of one thread.',
      unit: 'percentunit',
      queries: {
        '{{instance}}': `sum by (instance) (${rateOf('nodejs_eventloop_time_seconds_total', 'state="active"')}) / sum by (instance) (${rateOf('nodejs_eventloop_time_seconds_total')})`,
      },
    },
    {
      title: 'Active resources',
      description: 'Resources that keep the event loop alive: timers, connections, requests.',
      unit: 'none',
      queries: { '{{type}} {{instance}}': 'nodejs_active_resources{$$}' },
    },
    {
      title: 'Time in garbage collection',
      description: 'Fraction of time by kind of collection.',
      unit: 'percentunit',
      queries: { '{{kind}} {{instance}}': rateOf('nodejs_gc_duration_seconds_sum') },
      stacked: true,
    },
    {
      title: 'Garbage collections',
      description: 'Collections per second by kind.',
      unit: 'ops',
      queries: { '{{kind}} {{instance}}': rateOf('nodejs_gc_duration_seconds_count') },
    },
    {
      title: 'Garbage collection pauses',
      description: '99th percentile of the duration, by kind.',
      unit: 's',
      queries: {
        '{{kind}} {{instance}}': quantile(0.99, 'nodejs_gc_duration_seconds', 'instance, kind, le'),
      },
    },
    {
      title: 'Heap',
      description: 'The JavaScript heap. Node.js ends the process when it reaches its limit.',
      unit: 'bytes',
      queries: {
        'used {{instance}}': 'nodejs_heap_size_used_bytes{$$}',
        'total {{instance}}': 'nodejs_heap_size_total_bytes{$$}',
        'limit {{instance}}': 'nodejs_heap_size_limit_bytes{$$}',
      },
    },
    {
      title: 'Heap spaces',
      description: 'Size of each heap space.',
      unit: 'bytes',
      queries: { '{{space}} {{instance}}': 'nodejs_heap_space_size_used_bytes{$$}' },
      stacked: true,
    },
    {
      title: 'Memory outside the heap',
      description: 'External memory, which includes buffers and other array buffers.',
      unit: 'bytes',
      queries: {
        'external {{instance}}': 'nodejs_external_memory_bytes{$$}',
        'array buffers {{instance}}': 'nodejs_array_buffers_bytes{$$}',
        'V8 itself {{instance}}': 'nodejs_malloced_memory_bytes{$$}',
      },
    },
    {
      title: 'Open files',
      description: 'Open files and connections, and the limit of the process.',
      unit: 'none',
      queries: { 'open {{instance}}': 'process_open_fds{$$}', 'limit {{instance}}': 'process_max_fds{$$}' },
    },
    {
      title: 'Network',
      description: 'Traffic on the network interfaces of the container.',
      unit: 'Bps',
      queries: {
        'received {{instance}}': rateOf('process_network_receive_bytes_total'),
        'sent {{instance}}': rateOf('process_network_transmit_bytes_total'),
      },
    },
    {
      title: 'Storage',
      description: 'Bytes read from and written to storage.',
      unit: 'Bps',
      queries: {
        'read {{instance}}': rateOf('process_io_storage_read_bytes_total'),
        'written {{instance}}': rateOf('process_io_storage_written_bytes_total'),
      },
    },
    {
      title: 'Throttling',
      description: 'Fraction of time in which the container was throttled by its CPU limit.',
      unit: 'percentunit',
      queries: { '{{instance}}': rateOf('process_cgroup_cpu_throttled_seconds_total') },
    },
    {
      title: 'Pressure',
      description: 'Fraction of time in which at least one task of the container waited.',
      unit: 'percentunit',
      queries: {
        'for CPU {{instance}}': rateOf('process_pressure_cpu_waiting_seconds_total'),
        'for I/O {{instance}}': rateOf('process_pressure_io_waiting_seconds_total'),
        'for memory {{instance}}': rateOf('process_pressure_memory_waiting_seconds_total'),
      },
    },
    {
      title: 'Threads',
      description: 'Operating system threads, and the worker threads among them.',
      unit: 'none',
      queries: { 'all {{instance}}': 'process_threads{$$}', 'workers {{instance}}': 'nodejs_worker_threads{$$}' },
    },
  ],
};
