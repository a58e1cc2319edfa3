import { labelsWith, labelUses } from './label-use.ts';
import type { LintFamily, Rule } from './rule.ts';

// Rules of the Prometheus guidelines on writing exporters, in addition to those for all metrics.

/** Prefixes of metrics that client libraries add to every exporter. */
const COMMON_PREFIXES = [
  'process_',
  'nodejs_',
  'go_',
  'promhttp_',
  'metrics_handler_',
  'metrics_server_',
  'scheduler_',
  'zeroprom_',
];

/** Process metrics of client libraries, including this one. */
const PROCESS_METRICS = [
  /^process_cpu_(user_|system_)?seconds_total$/,
  /^process_(open_fds|max_fds|threads|heap_bytes|swap_bytes|start_time_seconds)$/,
  /^process_(resident|virtual)_memory_(\w+_)?bytes$/,
  /^process_(context_switches|(major|minor)_pagefaults)_total$/,
  /^process_(cgroup|io|network|pressure)_\w+$/,
];

const TARGET_LABEL =
  /^(region|zone|cluster|availability_zone|az|datacenter|dc|owner|customer|stage|service|environment|env)$/;

const OUTCOME_LABELS = ['result', 'success', 'status', 'outcome', 'failed'];

export const exporterPrefix: Rule = {
  name: 'exporter-prefix',
  severity: 'warning',
  *check(family, { exporterName }) {
    const { name } = family;
    if (exporterName === undefined || name.startsWith(`${exporterName}_`) || hasCommonPrefix(family)) return;
    yield { message: `${name} does not start with ${exporterName}_.`, hint: `Rename it to ${exporterName}_${name}.` };
  },
};

export const reservedPrefix: Rule = {
  name: 'reserved-prefix',
  severity: 'warning',
  *check({ name }, { exporterName = 'exporter' }) {
    const isScrape = name.startsWith('scrape_');
    if (!isScrape && (!name.startsWith('process_') || PROCESS_METRICS.some((metric) => metric.test(name)))) return;
    yield {
      message: `${name} starts with ${isScrape ? 'scrape_' : 'process_'}, which is reserved.`,
      hint: `Add the name of the exporter as a prefix: ${exporterName}_${name}.`,
    };
  },
};

/** Longer names are not compared with labels, so that the work does not grow with the product of both. */
const LONGEST_NAME = 1000;

export const labelInName: Rule = {
  name: 'label-in-name',
  severity: 'warning',
  *check(family) {
    if (family.name.length > LONGEST_NAME) return;
    for (const label of labelUses(family).keys()) {
      if (!`${family.name}_`.includes(`_by_${label}_`)) continue;
      yield {
        message: `The name ${family.name} repeats its label ${label}.`,
        hint: `Remove by_${label}: it repeats the label and is wrong after an aggregation.`,
      };
    }
  },
};

export const typeLabel: Rule = {
  name: 'type-label',
  severity: 'hint',
  *check(family) {
    if (!labelUses(family).has('type') || hasCommonPrefix(family)) return;
    yield {
      message: `${family.name} has the label type, which is too generic.`,
      hint: 'Use a more specific name such as device_type or query_type.',
    };
  },
};

export const targetLabels: Rule = {
  name: 'target-labels',
  severity: 'warning',
  *check(family) {
    for (const label of labelUses(family).keys()) {
      if (!TARGET_LABEL.test(label)) continue;
      yield {
        message: `${family.name} has the label ${label}, which is likely to conflict with a target label.`,
        hint: `Leave ${label} to the scrape configuration, or use a more specific name.`,
      };
    }
  },
};

/** Failures should be counted by a separate metric beside the one for all attempts, not by a label. */
export const outcomeLabel: Rule = {
  name: 'outcome-label',
  severity: 'hint',
  *check(family) {
    for (const label of OUTCOME_LABELS) {
      if (labelUses(family).get(label)?.values.size !== 2) continue;
      yield {
        message: `${family.name} distinguishes success and failure by the label ${label}.`,
        hint: 'Expose one metric for all attempts and one for failures, so that their ratio is easy to query.',
      };
    }
  },
};

/** A total beside its parts would be counted twice by `sum()`. */
export const totalAmongParts: Rule = {
  name: 'total-among-parts',
  severity: 'warning',
  *check(family) {
    for (const [label, { values, hasTotal }] of labelUses(family)) {
      if (values.size < 2 || !hasTotal) continue;
      yield {
        message: `${family.name} has a total among the values of its label ${label}.`,
        hint: 'Remove the total: sum() computes it.',
      };
    }
    const areBare = new Set<boolean>();
    for (const { labels = {} } of family.points) areBare.add(Object.values(labels).every((value) => value === ''));
    if (areBare.size < 2) return;
    yield {
      message: `${family.name} has a series without labels beside series with labels.`,
      hint: 'Remove the series without labels if it is their sum; otherwise rename it.',
    };
  },
};

export const constantLabel: Rule = {
  name: 'constant-label',
  severity: 'warning',
  *check(family, { constantLabels }) {
    for (const label of labelsWith(family, constantLabels)) {
      yield {
        message: `${family.name} has the label ${label}="${constantLabels.get(label)}", like nearly all metrics.`,
        hint: `Move ${label} to an info metric or to the target labels.`,
      };
    }
  },
};

function hasCommonPrefix({ name }: LintFamily): boolean {
  return COMMON_PREFIXES.some((prefix) => name.startsWith(prefix));
}
