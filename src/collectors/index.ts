export { type Build, type BuildInfoOptions, buildInfo } from './build-info.ts';
export type { CollectorOptions } from './collect.ts';
export { collectDefaults, type DefaultsOptions } from './collect-defaults.ts';
export { collectNodeRuntime, type NodeRuntimeGroup, type NodeRuntimeOptions } from './collect-node-runtime.ts';
export { collectProcess, type ProcessGroup, type ProcessOptions } from './collect-process.ts';
export { type RefreshedCollector, type RefreshedOptions, refreshed } from './refreshed.ts';
export type { CollectorHandle, CollectorRegistry } from './target.ts';
