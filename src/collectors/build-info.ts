import { Info } from '../metrics/info.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { type CollectorGroup, type CollectorHandle, type CollectorOptions, startGroups } from './collector-group.ts';

/** Build of a program. */
export interface Build {
  /** Name of the program, such as `example_exporter`; the name of the metric starts with it. */
  readonly name: string;
  /** Version of the program. */
  readonly version: string;
  /** Commit of the build. */
  readonly revision?: string | undefined;
  /** Branch of the build. */
  readonly branch?: string | undefined;
}

/** Options of {@link buildInfo}. */
export interface BuildInfoOptions extends Build, Omit<CollectorOptions<never>, 'groups'> {}

const BUILD_INFO_OPTIONS: OptionNames<BuildInfoOptions> = {
  name: true,
  version: true,
  revision: true,
  branch: true,
  registry: true,
  prefix: true,
  labels: true,
};

/**
 * Exposes the build of a program as `NAME_build_info`, as all Prometheus exporters do. Facts that are not given have no label.
 *
 * @throws {Error} if the metric is already registered.
 *
 * @example
 * ```ts
 * import { defaultRegistry } from 'zeroprom';
 * import { buildInfo } from 'zeroprom/collectors';
 *
 * buildInfo({ name: 'shop', version: '1.4.2', revision: 'f00ba4' });
 * console.log(await defaultRegistry.expose());
 * ```
 */
export function buildInfo(allOptions: BuildInfoOptions): CollectorHandle {
  checkOptionNames('buildInfo()', allOptions, BUILD_INFO_OPTIONS);
  const { name, version, revision, branch, ...options } = allOptions;
  const build = { name, version, revision, branch };
  return startGroups({ build: buildGroup(build) }, options, { build: JSON.stringify(build) });
}

export function buildGroup({ name, ...build }: Build): CollectorGroup {
  const facts = { ...build, nodeversion: process.version, os: process.platform, arch: process.arch };
  const known = Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined);
  return ({ registry, prefix, labels }) => {
    const info = new Info({
      name: `${prefix}${metricPrefix(name)}_build_info`,
      help: `A metric with a constant '1' value labeled by the build of ${name} and the platform that it runs on.`,
      labelNames: known.map(([fact]) => fact),
      constLabels: labels,
      registry,
    });
    info.set(Object.fromEntries(known));
    return () => void registry.unregister(info);
  };
}

/** Converts the name of a program to a prefix for the names of its own metrics. */
export function metricPrefix(program: string): string {
  return program.replace(/[^a-zA-Z0-9_]/g, '_');
}
