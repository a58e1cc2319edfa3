import type { Dashboard } from './dashboard.ts';
import { rateOf, scrapeDuration, targetState } from './panels.ts';

export const exporter: Dashboard = {
  name: 'exporter',
  title: 'Exporters: scrapes, collectors and tasks',
  description: 'Programs that use zeroprom: scrapes, collectors, tasks of the scheduler and deliveries.',
  metric: 'metrics_handler_requests_in_flight',
  panels: [
    { ...targetState, title: 'Targets' },
    { ...scrapeDuration, description: 'Duration of the scrapes, as Prometheus measures it.' },
    {
      title: 'Samples per scrape',
      description: 'Number of samples that a scrape returned.',
      unit: 'short',
      queries: { '{{instance}}': 'scrape_samples_scraped{$$}' },
    },
    {
      title: 'Scrapes',
      description: 'Scrapes per second by HTTP status code, by all clients; 499 if the client disconnected.',
      unit: 'reqps',
      queries: { '{{code}}': `sum by (code) (${rateOf('metrics_handler_requests_total')})` },
      stacked: true,
    },
    {
      title: 'Scrapes in flight',
      description: 'Number of concurrent scrapes. --web.max-requests limits it.',
      unit: 'none',
      queries: { '{{instance}}': 'metrics_handler_requests_in_flight{$$}' },
    },
    {
      title: 'Incomplete scrapes',
      description:
        'Collectors, families and samples left out of scrapes, and requests that are not valid HTTP, per second.',
      unit: 'ops',
      queries: {
        '{{cause}}': `sum by (cause) (${rateOf('metrics_handler_errors_total')})`,
        'omitted samples': `sum(${rateOf('metrics_handler_omitted_samples_total')})`,
        'invalid requests ({{code}})': `sum by (code) (${rateOf('metrics_server_client_errors_total')})`,
      },
    },
    {
      title: 'Collectors',
      description: 'Whether the collector succeeded in the last scrape.',
      unit: 'none',
      queries: { '{{collector}} {{instance}}': 'zeroprom_collector_success{$$}' },
      range: [0, 1],
    },
    {
      title: 'Collector duration',
      description: 'Duration of the collectors in the last scrape.',
      unit: 's',
      queries: { '{{collector}} {{instance}}': 'zeroprom_collector_duration_seconds{$$}' },
    },
    {
      title: 'Collector errors',
      description: 'Scrapes per second in which the collector failed or was late.',
      unit: 'ops',
      queries: { '{{collector}} {{instance}}': rateOf('zeroprom_collector_errors_total') },
    },
    {
      title: 'Runs of tasks',
      description: 'Finished runs per second by task and result.',
      unit: 'ops',
      queries: { '{{task}} {{result}}': `sum by (task, result) (${rateOf('scheduler_task_runs_total')})` },
      stacked: true,
    },
    {
      title: 'Duration of tasks',
      description: 'Duration of the last finished run.',
      unit: 's',
      queries: { '{{task}} {{instance}}': 'scheduler_task_last_duration_seconds{$$}' },
    },
    {
      title: 'Time since the last success',
      description: 'More than two intervals and a minute fire an alert.',
      unit: 's',
      queries: { '{{task}} {{instance}}': 'time() - (scheduler_task_last_success_timestamp_seconds{$$} > 0)' },
    },
    {
      title: 'Consecutive failures of tasks',
      description: 'Runs that failed or timed out since the last success.',
      unit: 'none',
      queries: { '{{task}} {{instance}}': 'scheduler_task_consecutive_failures{$$}' },
    },
    {
      title: 'Delay of tasks',
      description: 'Delay of the last start after its due time. A blocked event loop increases it.',
      unit: 's',
      queries: { '{{task}} {{instance}}': 'scheduler_task_lag_seconds{$$}' },
    },
    {
      title: 'Runs that did not start or do not end',
      description: 'Skipped and missed runs per second, and abandoned runs whose function is still busy.',
      unit: 'none',
      queries: {
        'skipped {{task}} {{instance}}': rateOf('scheduler_task_skipped_total'),
        'missed {{task}} {{instance}}': rateOf('scheduler_task_missed_total'),
        'abandoned {{task}} {{instance}}': 'scheduler_task_abandoned_runs{$$}',
      },
    },
    {
      title: 'Pushes',
      description: 'Pushes per second by target and outcome.',
      unit: 'ops',
      queries: { '{{target}} {{outcome}}': `sum by (target, outcome) (${rateOf('zeroprom_pushes_total')})` },
      stacked: true,
    },
    {
      title: 'Time since the last delivery',
      description:
        'Time since the last successful push, and the age of the newest values that the remote-write receiver has.',
      unit: 's',
      queries: {
        '{{target}} {{instance}}': 'time() - zeroprom_push_last_success_timestamp_seconds{$$}',
        'remote write {{instance}}': 'time() - (zeroprom_remote_write_last_written_timestamp_seconds{$$} > 0)',
      },
    },
    {
      title: 'Duration of deliveries',
      description: 'Mean duration of pushes with their retries, and of remote-write requests.',
      unit: 's',
      queries: {
        '{{target}} {{instance}}': `${rateOf('zeroprom_push_duration_seconds_sum')} / ${rateOf('zeroprom_push_duration_seconds_count')}`,
        'remote write {{instance}}': `${rateOf('zeroprom_remote_write_request_seconds_total')} / ${rateOf('zeroprom_remote_write_requests_total')}`,
      },
    },
    {
      title: 'Remote write',
      description: 'Samples per second that were gathered, acknowledged, refused and dropped.',
      unit: 'cps',
      queries: {
        gathered: `sum(${rateOf('zeroprom_remote_write_samples_gathered_total')})`,
        written: `sum(${rateOf('zeroprom_remote_write_samples_written_total')})`,
        rejected: `sum(${rateOf('zeroprom_remote_write_samples_rejected_total')})`,
        'dropped: {{reason}}': `sum by (reason) (${rateOf('zeroprom_remote_write_samples_dropped_total')})`,
      },
    },
    {
      title: 'Remote-write queue',
      description: 'Samples that wait to be acknowledged.',
      unit: 'short',
      queries: { '{{instance}}': 'zeroprom_remote_write_samples_pending{$$}' },
    },
    {
      title: 'OTLP',
      description: 'Points per second by outcome.',
      unit: 'cps',
      queries: { '{{outcome}}': `sum by (outcome) (${rateOf('zeroprom_otlp_points_total')})` },
    },
    {
      title: 'Limits of metrics',
      description:
        'Updates per second beyond the maxSeries of a metric, and series per second that expired after its ttlMs.',
      unit: 'ops',
      queries: {
        'beyond maxSeries: {{metric}}': `sum by (metric) (${rateOf('zeroprom_series_dropped_total')})`,
        'expired: {{metric}}': `sum by (metric) (${rateOf('zeroprom_series_expired_total')})`,
      },
    },
  ],
};
