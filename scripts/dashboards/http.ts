import type { Dashboard } from './dashboard.ts';
import { quantile, rateOf } from './panels.ts';

export const http: Dashboard = {
  name: 'http',
  title: 'HTTP',
  description: 'HTTP requests that Node.js servers answer and send.',
  metric: 'http_requests_in_flight',
  panels: [
    {
      title: 'Requests',
      description: 'Requests per second by route.',
      unit: 'reqps',
      queries: { '{{route}}': `sum by (route) (${rateOf('http_request_duration_seconds_count')})` },
      stacked: true,
    },
    {
      title: 'Status codes',
      description: 'Requests per second by status code; aborted if the response did not finish.',
      unit: 'reqps',
      queries: { '{{status_code}}': `sum by (status_code) (${rateOf('http_request_duration_seconds_count')})` },
      stacked: true,
    },
    {
      title: 'Requests in flight',
      description: 'Number of HTTP requests in flight.',
      unit: 'none',
      queries: { '{{instance}}': 'http_requests_in_flight{$$}' },
    },
    {
      title: 'Duration',
      description: 'Time from the start of a request to the end of its response.',
      unit: 's',
      queries: {
        p50: quantile(0.5, 'http_request_duration_seconds', 'le'),
        p90: quantile(0.9, 'http_request_duration_seconds', 'le'),
        p99: quantile(0.99, 'http_request_duration_seconds', 'le'),
      },
    },
    {
      title: 'Duration by route',
      description: '99th percentile by route.',
      unit: 's',
      queries: { '{{route}}': quantile(0.99, 'http_request_duration_seconds', 'route, le') },
    },
    {
      title: 'Errors',
      description: 'Fraction of requests with a server error or an aborted response.',
      unit: 'percentunit',
      queries: {
        'failed {{instance}}': share('http_request_duration_seconds_count', 'status_code=~"5.."', 'instance'),
        'aborted {{instance}}': share('http_request_duration_seconds_count', 'status_code="aborted"', 'instance'),
      },
    },
    {
      title: 'Traffic',
      description: 'Bytes of requests and responses, including heads.',
      unit: 'Bps',
      queries: {
        'received {{instance}}': `sum by (instance) (${rateOf('http_request_size_bytes_sum')})`,
        'sent {{instance}}': `sum by (instance) (${rateOf('http_response_size_bytes_sum')})`,
      },
    },
    {
      title: 'Size of responses',
      description: 'Mean response size by route.',
      unit: 'bytes',
      queries: {
        '{{route}}': `sum by (route) (${rateOf('http_response_size_bytes_sum')}) / sum by (route) (${rateOf('http_response_size_bytes_count')})`,
      },
    },
    {
      title: 'Client requests',
      description: 'Requests per second that the process sends, by host.',
      unit: 'reqps',
      queries: { '{{host}}': `sum by (host) (${rateOf('http_client_request_duration_seconds_count')})` },
      stacked: true,
    },
    {
      title: 'Client request duration',
      description: '99th percentile of the time to the head of the response, by host.',
      unit: 's',
      queries: { '{{host}}': quantile(0.99, 'http_client_request_duration_seconds', 'host, le') },
    },
    {
      title: 'Client errors',
      description: 'Fraction of requests without a response or with a server error, by host.',
      unit: 'percentunit',
      queries: {
        '{{host}}': share('http_client_request_duration_seconds_count', 'status_code=~"5..|error"', 'host'),
      },
    },
  ],
};

/** Counts missing series as zero. */
function share(metric: string, matcher: string, label: string): string {
  const all = `sum by (${label}) (${rateOf(metric)})`;
  return `(sum by (${label}) (${rateOf(metric, matcher)}) or 0 * ${all}) / ${all}`;
}
