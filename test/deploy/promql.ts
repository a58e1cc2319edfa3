import { readFileSync } from 'node:fs';
import { Scheduler } from '../../src/scheduler/index.ts';
import { SchedulerCollector } from '../../src/scheduler/scheduler-collector.ts';

/** All series of the stack: those of exporters and schedulers, and those that Prometheus adds to every scrape. */
export const knownMetrics: ReadonlySet<string> = new Set([
  'example_total',
  'example_number',
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  ...aboutScrapes(),
  ...aboutDeliveries(),
  ...schedulerMetrics(),
  ...samplesIn('default-metrics.txt'),
  ...samplesIn('http-metrics.txt'),
]);

const keywords = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan', 'atan2', 'start', 'end']);

/** The names of the metrics in an expression: the words that are not functions, keywords, labels or part of a string. */
export function metricNames(expression: string): string[] {
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const words = bare.matchAll(/(?<![\w:$.])([a-zA-Z_:][\w:]*)(?!\s*\(|[\w:])/g);
  return [...words].map(([, word = '']) => word).filter((word) => !keywords.has(word.toLowerCase()));
}

/** A function declaration, so that the code above can use it. */
function schedulerMetrics(): string[] {
  const task = new Scheduler().every('30s', () => {}, { name: 'any' });
  return [...new SchedulerCollector(() => [task]).collect()].map(({ name }) => name);
}

/** Metrics of `metricsHandler()`, of the server of an exporter, and of registries. */
function aboutScrapes(): string[] {
  const handler = ['requests_total', 'requests_in_flight', 'errors_total', 'omitted_samples_total'];
  const registry = [
    'collector_success',
    'collector_duration_seconds',
    'collector_errors_total',
    'series_dropped_total',
  ];
  return [
    ...handler.map((name) => `metrics_handler_${name}`),
    'metrics_server_client_errors_total',
    ...[...registry, 'series_expired_total'].map((name) => `zeroprom_${name}`),
  ];
}

/** Metrics of `zeroprom/push`. */
function aboutDeliveries(): string[] {
  const pushes = ['pushes_total', 'push_last_success_timestamp_seconds', 'push_duration_seconds_sum'];
  const samples = ['gathered_total', 'written_total', 'rejected_total', 'dropped_total', 'pending'];
  const remoteWrite = [
    ...samples.map((name) => `samples_${name}`),
    ...['last_gathered', 'last_written'].map((name) => `${name}_timestamp_seconds`),
    'request_seconds_total',
    'requests_total',
  ];
  return [
    ...[...pushes, 'push_duration_seconds_count', 'otlp_points_total'].map((name) => `zeroprom_${name}`),
    ...remoteWrite.map((name) => `zeroprom_remote_write_${name}`),
  ];
}

/** The names of all samples in a golden scrape. */
function samplesIn(golden: string): string[] {
  const text = readFileSync(`test/golden/${golden}`, 'utf8');
  return [...text.matchAll(/^(\w+)[{ ]/gm)].map(([, name = '']) => name);
}
