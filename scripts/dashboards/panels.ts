import type { Panel } from './dashboard.ts';

/** Whether the targets are up. */
export const targetState: Panel = {
  title: 'Exporter',
  description: 'Whether the last scrape succeeded.',
  unit: 'none',
  queries: { '{{instance}}': 'up{$$}' },
  type: 'state',
};

export const scrapeDuration: Panel = {
  title: 'Scrape duration',
  description: 'Duration of the scrapes.',
  unit: 's',
  queries: { '{{instance}}': 'scrape_duration_seconds{$$}' },
};

/** Returns the rate of the series of a metric, with another label matcher if there is one. */
export function rateOf(metric: string, matcher = ''): string {
  return `rate(${metric}{$$${matcher === '' ? '' : `, ${matcher}`}}[$__rate_interval])`;
}

/** Returns a quantile of the latest observations of a histogram for each combination of the labels, which include `le`. */
export function quantile(of: number, histogram: string, labels: string): string {
  return `histogram_quantile(${of}, sum by (${labels}) (${rateOf(`${histogram}_bucket`)}))`;
}
