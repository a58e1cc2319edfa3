// A variable instead of a fixed data source, so that the files can be imported into any Grafana.
const datasource = { type: 'prometheus', uid: `\${datasource}` };
const COLUMNS = 24;
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
  /** `state` shows the last value as "up" or "down". */
  readonly type?: 'state';
  /** Bounds of the axis; from 0 by default. */
  readonly range?: readonly [min: number, max?: number];
  /** Columns, of 24 in a row; 8 by default. */
  readonly width?: number;
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
    editable: true,
    graphTooltip: 1,
    refresh: '15s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    annotations: { list: [] },
    templating: {
      list: [datasourceVariable(), variable('job', metric), variable('instance', `${metric}{job=~"$job"}`)],
    },
    panels: positioned(panels).map(({ panel, gridPos }, index) => ({
      id: index + 1,
      title: panel.title,
      description: panel.description,
      gridPos,
      datasource,
      ...(panel.type === 'state' ? stateParts(panel) : timeSeriesParts(panel)),
    })),
  };
}

/** The first Prometheus data source by default. */
function datasourceVariable() {
  return {
    name: 'datasource',
    label: 'Data source',
    type: 'datasource',
    query: 'prometheus',
    includeAll: false,
    multi: false,
    refresh: 1,
  };
}

/** A variable with the values of a label to choose from. */
function variable(label: string, series: string) {
  const query = `label_values(${series}, ${label})`;
  return {
    name: label,
    label: label === 'job' ? 'Job' : 'Instance',
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

/** Panels from left to right, in as many rows as they need. */
function positioned(panels: readonly Panel[]) {
  let x = 0;
  let y = 0;
  return panels.map((panel) => {
    const { width = 8 } = panel;
    if (x + width > COLUMNS) [x, y] = [0, y + HEIGHT];
    const gridPos = { x, y, w: width, h: HEIGHT };
    x += width;
    return { panel, gridPos };
  });
}

function timeSeriesParts({ unit, queries, stacked = false, range = [0] }: Panel) {
  const [min, max] = range;
  return {
    type: 'timeseries',
    targets: targets(queries),
    fieldConfig: {
      defaults: {
        unit,
        min,
        ...(max === undefined ? {} : { max }),
        custom: { fillOpacity: 10, ...(stacked ? { stacking: { mode: 'normal', group: 'A' } } : {}) },
      },
      overrides: [],
    },
    options: {
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

function stateParts({ queries }: Panel) {
  return {
    type: 'stat',
    targets: targets(queries).map((target) => ({ ...target, instant: true, range: false })),
    fieldConfig: {
      defaults: {
        mappings: [
          {
            type: 'value',
            options: { 0: { index: 0, text: 'down', color: 'red' }, 1: { index: 1, text: 'up', color: 'green' } },
          },
        ],
        noValue: 'not scraped',
      },
      overrides: [],
    },
    options: {
      colorMode: 'background',
      graphMode: 'none',
      textMode: 'value_and_name',
      justifyMode: 'auto',
      orientation: 'auto',
      wideLayout: true,
      showPercentChange: false,
      percentChangeColorMode: 'standard',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    },
  };
}

function targets(queries: Panel['queries']) {
  return Object.entries(queries).map(([legendFormat, query], at) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + at),
    datasource,
    expr: query.replaceAll('$$', 'job=~"$job", instance=~"$instance"'),
    legendFormat,
  }));
}
