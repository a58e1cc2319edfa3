import { Gauge } from '../metrics/gauge.ts';
import type { Registry } from '../registry/registry.ts';
import { version as packageVersion } from '../version.ts';

/** What a program was built from. */
export interface Build {
  readonly name: string;
  readonly version: string;
  readonly revision: string;
}

/** The text of `--version`. */
export function versionText({ name, version, revision }: Build): string {
  const facts = [`zeroprom ${packageVersion}`, `node ${process.version}`, `${process.platform}/${process.arch}`];
  return `${name}, version ${version} (${[...facts, `revision ${revision}`].join(', ')})\n`;
}

/** Registers `NAME_build_info`, always 1: what to join other series with to see them by version. */
export function registerBuildInfo({ name, version, revision }: Build, registry: Registry): void {
  const labels = {
    version,
    revision,
    node_version: process.version,
    platform: process.platform,
    arch: process.arch,
  };
  new Gauge({
    name: `${metricPrefix(name)}_build_info`,
    help: `What ${name} was built from and runs on; the value is always 1.`,
    labelNames: ['version', 'revision', 'node_version', 'platform', 'arch'],
    registry,
  }).set(labels, 1);
}

/** What names of metrics begin with that are about the program. */
export function metricPrefix(name: string): string {
  return name.replace(/[^a-zA-Z0-9_]/g, '_');
}
