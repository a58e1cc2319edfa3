import type { FamilySnapshot } from '../../exposition/snapshot/snapshot.ts';
import type { MetricDefinition } from '../../metrics/metric-definition.ts';
import type { Descriptor } from '../../model/family.ts';
import type { Labels } from '../../model/labels.ts';
import type { WorkerChoice } from '../../registry/gathering.ts';
import type { CallMessage } from './port-calls.ts';
import type { SharedRows } from './shared-table.ts';

/** Messages from the owner of registries to a reader, in the order of the changes. */
export type TableMessage =
  | { readonly type: 'registry'; readonly hasSelfMetrics: boolean }
  | GathererMessage
  | MetricMessage
  | { readonly type: 'rows'; readonly id: number; readonly rows: SharedRows }
  | DirectMessage
  | CollectorMessage
  | { readonly type: 'removed'; readonly id: number }
  | ({ readonly type: 'values' } & UnsharedValues);

/** An implementation of `Gatherer` of another kind, which only its owner can read. */
export interface GathererMessage {
  readonly type: 'gatherer';
  readonly id: number;
  readonly collectorNames: readonly string[];
  /** Whether it can gather workers apart. */
  readonly hasWorkers: boolean;
}

/** A metric whose rows are shared. */
export interface MetricMessage extends Registered {
  readonly type: 'metric';
  readonly definition: MetricDefinition;
  /** Prefixes and labels of the views through which it is registered, the innermost first. */
  readonly views: readonly { readonly prefix: string; readonly labels: Labels }[];
  /** Whether the owner has to update it at each scrape. */
  readonly isUpdated: boolean;
}

/** A metric of another kind, which only its owner can read. */
export interface DirectMessage extends Registered {
  readonly type: 'direct';
  readonly descriptor: Descriptor;
  readonly seriesLabelNames: readonly string[];
  readonly constLabels: Labels | undefined;
  /** Whether reading it calls code of the user. */
  readonly isUpdated: boolean;
}

/** A custom collector, which runs in the owner's thread. */
export interface CollectorMessage extends Registered {
  readonly type: 'collector';
  readonly name: string;
}

interface Registered {
  readonly id: number;
  /** Index of the registry, in the order of their messages. */
  readonly registry: number;
}

/** Values that cannot be in shared memory. */
export interface UnsharedValues {
  /** When they were read, by the clock that all threads share. */
  readonly readAt: number;
  /** By id of a metric and row; see `Details`. `epoch` is that of the rows. */
  readonly details: readonly (readonly [id: number, epoch: number, byRow: readonly unknown[]])[];
  /** By id of a metric that only its owner can read. */
  readonly families: readonly (readonly [id: number, families: readonly FamilySnapshot[]])[];
}

/** Result of a gathering by the owner. */
export interface GatheredPart {
  readonly families: readonly FamilySnapshot[];
  readonly failures: readonly { readonly collector: string; readonly message: string }[];
}

export interface GatherArgument {
  readonly id: number;
  readonly timeoutMs: number;
  /** Gathers workers apart. */
  readonly choice?: WorkerChoice | undefined;
}

export type PortMessage = TableMessage | CallMessage;
