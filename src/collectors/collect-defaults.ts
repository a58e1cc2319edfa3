import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { type Build, buildGroup } from './build-info.ts';
import type { ProcessGroup } from './collect-process.ts';
import { processGroups } from './collect-process.ts';
import { COLLECTOR_OPTIONS, type CollectorHandle, type CollectorOptions, startGroups } from './collector-group.ts';
import { type NodeRuntimeGroup, nodeRuntimeGroups } from './node-runtime.ts';

/** Options of {@link collectDefaults}. */
export interface DefaultsOptions extends CollectorOptions<ProcessGroup | NodeRuntimeGroup> {
  /**
   * Directory that contains `proc` and `sys`.
   *
   * @defaultValue `'/'`
   */
  readonly root?: string;
  /**
   * Build of the program, for its `*_build_info` metric.
   *
   * @defaultValue no build info
   */
  readonly build?: Build;
}

const DEFAULTS_OPTIONS: OptionNames<DefaultsOptions> = {
  ...COLLECTOR_OPTIONS,
  root: true,
  build: true,
};

/**
 * Collects all metrics of {@link collectProcess} and {@link collectNodeRuntime}, and the build info if `build` is given.
 *
 * @returns a handle; the same one if it is called again for the registry.
 * @throws {TypeError} for an unknown option, and if `groups` names an unknown group.
 * @throws {Error} if another metric has one of the names.
 *
 * @example
 * ```ts
 * import { defaultRegistry } from 'zeroprom';
 * import { collectDefaults } from 'zeroprom/collectors';
 *
 * const defaults = collectDefaults({ build: { name: 'shop', version: '1.4.2' } });
 * console.log(await defaultRegistry.expose());
 * defaults.stop();
 * ```
 */
export function collectDefaults(allOptions: DefaultsOptions = {}): CollectorHandle {
  checkOptionNames('collectDefaults()', allOptions, DEFAULTS_OPTIONS);
  const { root, build, ...options } = allOptions;
  const groups = { ...processGroups(root), ...nodeRuntimeGroups };
  return startGroups<string>(build === undefined ? groups : { ...groups, build: buildGroup(build) }, options, {
    build: JSON.stringify(build),
  });
}
