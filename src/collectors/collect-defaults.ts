import { type Build, buildGroup } from './build-info.ts';
import { type CollectorOptions, collect } from './collect.ts';
import { type ProcessGroup, processGroups } from './collect-process.ts';
import type { CollectorHandle } from './collector-group.ts';
import { type NodeRuntimeGroup, nodeRuntimeGroups } from './node-runtime.ts';

export interface DefaultsOptions extends CollectorOptions<ProcessGroup | NodeRuntimeGroup> {
  /** Where the tree that has `proc` and `sys` in it begins; `/` by default. */
  readonly root?: string;
  /** The program that runs, if `..._build_info` is to be shown too. */
  readonly build?: Build;
}

/** All that `collectProcess()` and `collectNodeRuntime()` show, and what was built if that is said. */
export function collectDefaults({ root, build, ...options }: DefaultsOptions = {}): CollectorHandle {
  const groups = { ...processGroups(root), ...nodeRuntimeGroups };
  return collect<string>(build === undefined ? groups : { ...groups, build: buildGroup(build) }, options);
}
