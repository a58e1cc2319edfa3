import { Info } from '../metrics/info.ts';
import { type CollectorOptions, collect } from './collect.ts';
import type { CollectorHandle, Group } from './collector-group.ts';
import { metricPrefix } from './metric-prefix.ts';

/** What was built. */
export interface Build {
  /** The program, as in `example_exporter`: the metric's name begins with it. */
  readonly name: string;
  readonly version: string;
  /** The commit. */
  readonly revision?: string | undefined;
  readonly branch?: string | undefined;
}

export interface BuildInfoOptions extends Build, Omit<CollectorOptions<never>, 'groups'> {}

/**
 * Shows which build of a program runs: `example_exporter_build_info`, in the form of all Prometheus exporters. What is
 * not known has no label.
 */
export function buildInfo({ name, version, revision, branch, ...options }: BuildInfoOptions): CollectorHandle {
  return collect({ build: buildGroup({ name, version, revision, branch }) }, options);
}

export function buildGroup({ name, ...build }: Build): Group {
  const facts = { ...build, nodeversion: process.version, os: process.platform, arch: process.arch };
  const known = Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined);
  return ({ registry, prefix, labels }) => {
    const info = new Info({
      name: `${prefix}${metricPrefix(name)}_build_info`,
      help: `Which build of ${name} runs, and on what.`,
      labelNames: known.map(([fact]) => fact),
      constLabels: labels,
      registry,
    });
    info.set(Object.fromEntries(known));
    return () => void registry.unregister(info);
  };
}
