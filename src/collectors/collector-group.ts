import type { Collector, DirectCollector, Registrar } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';

/** Where collectors register and take themselves out again: a registry, or a view of one. */
export interface CollectorRegistry extends Registrar {
  unregister(collector: Collector | DirectCollector): boolean;
}

/** What all groups of ready metrics are given. */
export interface Target {
  readonly registry: CollectorRegistry;
  /** In front of all names. */
  readonly prefix: string;
  /** On all series. */
  readonly labels: Labels;
}

/** Registers metrics that belong together and keeps them up to date; what it returns ends both. */
export type Group = (target: Target) => () => void;

/** Ready metrics that are shown. */
export interface CollectorHandle {
  /** Takes the metrics out of the registry and ends what measured them: no timer, observer or listener is left. */
  stop(): void;
  [Symbol.dispose](): void;
}
