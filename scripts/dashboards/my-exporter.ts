import type { Dashboard } from './dashboard.ts';
import { scrapeDuration, targetState } from './panels.ts';

/** The dashboard of the exporters that `zeroprom init` makes. */
export const myExporter: Dashboard = {
  name: 'my-exporter',
  title: 'my-exporter',
  description: 'Metrics of my-exporter.',
  metric: 'my_up',
  panels: [
    { ...targetState, description: 'Whether Prometheus can scrape the exporter.', width: 6 },
    {
      title: 'Collector',
      description: 'Whether the exporter can reach what it monitors.',
      unit: 'none',
      queries: { '{{instance}}': 'my_up{$$}' },
      type: 'state',
      width: 6,
    },
    { ...scrapeDuration, width: 12 },
    {
      title: 'Free space',
      description: 'Free space of each file system, for unprivileged users.',
      unit: 'bytes',
      queries: { '{{path}} {{instance}}': 'my_filesystem_free_bytes{$$}' },
      width: 12,
    },
    {
      title: 'Used space',
      description: 'Fraction of each file system that is in use.',
      unit: 'percentunit',
      queries: { '{{path}} {{instance}}': '1 - my_filesystem_free_bytes{$$} / my_filesystem_size_bytes{$$}' },
      range: [0, 1],
      width: 12,
    },
  ],
};
