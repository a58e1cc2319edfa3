import type { Dashboard } from './dashboard.ts';
import { scrapeDuration, targetState } from './panels.ts';

export const example: Dashboard = {
  name: 'example',
  title: 'Example exporter',
  description: 'Metrics of the example exporter and of its scrapes.',
  metric: 'example_total',
  panels: [
    { ...targetState, width: 4 },
    {
      title: 'example_total',
      description: 'Value of the counter. It is 0 after a restart of the exporter.',
      unit: 'short',
      queries: { '{{hoge}}': 'example_total{$$}' },
      width: 10,
    },
    {
      title: 'example_total per minute',
      description: 'Increase per minute: two, because it increases every 30 seconds.',
      unit: 'short',
      queries: { '{{hoge}}': '60 * rate(example_total{$$}[$__rate_interval])' },
      width: 10,
    },
    {
      title: 'example_number',
      description: 'A random number of at least -1 and less than 1, set every 10 seconds.',
      unit: 'none',
      queries: { '{{fuga}}': 'example_number{$$}' },
      range: [-1, 1],
      width: 14,
    },
    { ...scrapeDuration, width: 10 },
  ],
};
