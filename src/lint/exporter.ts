import { type LintFamily, labelNames, labelValues, type Rule } from './rule.ts';

// What the Prometheus guidelines on writing exporters ask for, beyond what is asked of every metric.

/** What every exporter has as well, whatever its name. */
const COMMON_PREFIXES = ['process_', 'nodejs_', 'go_', 'promhttp_'];

/** What client libraries expose of their process. */
const PROCESS_METRICS = new Set([
  'process_cpu_seconds_total',
  'process_max_fds',
  'process_open_fds',
  'process_heap_bytes',
  'process_network_receive_bytes_total',
  'process_network_transmit_bytes_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  'process_threads',
  'process_virtual_memory_bytes',
  'process_virtual_memory_max_bytes',
]);

const TARGET_LABELS = new Set(['region', 'zone', 'cluster', 'availability_zone', 'az', 'datacenter', 'dc', 'owner', 'customer', 'stage', 'service', 'environment', 'env']); // biome-ignore format: a table

const OUTCOME_LABELS = ['result', 'success', 'status', 'outcome', 'failed'];

export const exporterPrefix: Rule = {
  name: 'exporter-prefix',
  severity: 'warning',
  *check({ name }, { exporterName }) {
    if (exporterName === undefined || name.startsWith(`${exporterName}_`)) return;
    if (COMMON_PREFIXES.some((prefix) => name.startsWith(prefix))) return;
    yield { message: `${name} does not begin with ${exporterName}_.`, hint: `Rename it to ${exporterName}_${name}.` };
  },
};

export const reservedPrefix: Rule = {
  name: 'reserved-prefix',
  severity: 'warning',
  *check({ name }, { exporterName = 'exporter' }) {
    const isScrape = name.startsWith('scrape_');
    if (!isScrape && (!name.startsWith('process_') || PROCESS_METRICS.has(name))) return;
    yield {
      message: `${name} begins with ${isScrape ? 'scrape_' : 'process_'}, which is reserved.`,
      hint: `Put the exporter's name before it: ${exporterName}_${name}.`,
    };
  },
};

export const labelInName: Rule = {
  name: 'label-in-name',
  severity: 'warning',
  *check(family) {
    for (const label of labelNames(family)) {
      if (!`${family.name}_`.includes(`_by_${label}_`)) continue;
      yield {
        message: `The name ${family.name} repeats its label ${label}.`,
        hint: `Leave out by_${label}: the label says it, and is gone after an aggregation.`,
      };
    }
  },
};

export const typeLabel: Rule = {
  name: 'type-label',
  severity: 'hint',
  *check(family) {
    if (!labelNames(family).has('type')) return;
    yield {
      message: `${family.name} has the label type, which says little.`,
      hint: 'Say the type of what: device_type, query_type.',
    };
  },
};

export const targetLabels: Rule = {
  name: 'target-labels',
  severity: 'warning',
  *check(family) {
    for (const label of labelNames(family)) {
      if (!TARGET_LABELS.has(label)) continue;
      yield {
        message: `${family.name} has the label ${label}, which is likely to clash with one that targets are given.`,
        hint: `Leave ${label} to the configuration of the scrape, or give it a name of its own.`,
      };
    }
  },
};

/** Failures are a metric beside that of all attempts, not a label value. */
export const outcomeLabel: Rule = {
  name: 'outcome-label',
  severity: 'hint',
  *check(family) {
    for (const label of OUTCOME_LABELS) {
      if (labelValues(family, label).size !== 2) continue;
      yield {
        message: `${family.name} tells success from failure by the label ${label}.`,
        hint: 'Expose two metrics, one of all and one of those that failed: their ratio is then easy to ask for.',
      };
    }
  },
};

/** A sum beside its parts would be counted twice by `sum()`. */
export const totalAmongParts: Rule = {
  name: 'total-among-parts',
  severity: 'warning',
  *check(family) {
    for (const label of labelNames(family)) {
      const values = labelValues(family, label);
      if (values.size < 2 || !(values.has('total') || values.has('all'))) continue;
      yield {
        message: `${family.name} has a total among the values of its label ${label}.`,
        hint: 'Leave the total out: sum() makes it.',
      };
    }
    if (!hasBareAmongLabelled(family)) return;
    yield {
      message: `${family.name} has a series without labels beside series with labels.`,
      hint: 'Leave out the one without labels if it is their sum; otherwise give it another name.',
    };
  },
};

export const constantLabel: Rule = {
  name: 'constant-label',
  severity: 'warning',
  *check(family, { constantLabels }) {
    for (const label of labelNames(family)) {
      const value = constantLabels.get(label);
      if (value === undefined || !labelValues(family, label).has(value)) continue;
      yield {
        message: `${family.name} has the label ${label}="${value}", as have nearly all metrics.`,
        hint: `Move ${label} to an info metric, or to the labels of the target.`,
      };
    }
  },
};

function hasBareAmongLabelled({ points }: LintFamily): boolean {
  const isBare = points.map(({ labels = {} }) => Object.values(labels).every((value) => value === ''));
  return isBare.includes(true) && isBare.includes(false);
}
