export type { CollectorRegistry } from '../model/collector.ts';
export { type AdoptOptions, adoptRegistry, type ForeignRegistry } from './adopted-registry/adopt-registry.ts';
export { type Build, type BuildInfoOptions, buildInfo } from './build-info.ts';
export { collectDefaults, type DefaultsOptions } from './collect-defaults.ts';
export { collectProcess, type ProcessGroup, type ProcessOptions } from './collect-process.ts';
export type { CollectorHandle, CollectorOptions } from './collector-group.ts';
export { collectNodeRuntime, type NodeRuntimeGroup, type NodeRuntimeOptions } from './node-runtime.ts';
export { type RefreshedCollector, type RefreshedOptions, refreshed } from './refreshed.ts';
