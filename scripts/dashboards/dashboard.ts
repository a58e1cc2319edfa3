const datasource = { type: 'prometheus', uid: 'prometheus' };
const WIDTH = 8;
const HEIGHT = 8;

export interface Dashboard {
  /** Name of the file, and part of the URL. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** A metric that all processes expose, for the choice of instances. */
  readonly metric: string;
  readonly panels: readonly Panel[];
}

export interface Panel {
  readonly title: string;
  readonly description: string;
  /** Unit of Grafana: `s`, `bytes`, `percentunit`, … */
  readonly unit: string;
  /** Queries by legend. `$$` stands for the label matchers of the chosen instances. */
  readonly queries: Readonly<Record<string, string>>;
  readonly stacked?: boolean;
}

/** Returns the dashboard in the format of Grafana. */
export function grafanaDashboard({ name, title, description, metric, panels }: Dashboard) {
  return {
    uid: `zeroprom-${name}`,
    title,
    description,
    tags: ['zeroprom'],
    schemaVersion: 39,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '15s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    templating: { list: [variable('job', metric), variable('instance', `${metric}{job=~"$job"}`)] },
    panels: panels.map(panelAt),
  };
}

/** A variable with the values of a label to choose from. */
function variable(label: string, series: string) {
  const query = `label_values(${series}, ${label})`;
  return {
    name: label,
    label,
    type: 'query',
    datasource,
    query: { query, refId: label },
    definition: query,
    includeAll: true,
    multi: true,
    current: { text: 'All', value: '$__all' },
    refresh: 2,
    sort: 1,
  };
}

function panelAt({ title, description, unit, queries, stacked = false }: Panel, index: number) {
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    description,
    gridPos: { x: (index * WIDTH) % 24, y: Math.floor((index * WIDTH) / 24) * HEIGHT, w: WIDTH, h: HEIGHT },
    datasource,
    targets: Object.entries(queries).map(([legendFormat, query], at) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + at),
      datasource,
      expr: query.replaceAll('$$', 'job=~"$job", instance=~"$instance"'),
      legendFormat,
    })),
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        custom: { fillOpacity: 10, ...(stacked ? { stacking: { mode: 'normal', group: 'A' } } : {}) },
      },
      overrides: [],
    },
    options: {
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom' },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}
