import type { Collector } from '../../model/collector.ts';
import type { MetricFamily } from '../../model/family.ts';
import type { Registry } from '../../registry/registry.ts';
import type { RemoteWriteVersion } from './write-requests.ts';

const REASONS = ['queue_full', 'too_old', 'stopped'] as const;

/** Why samples were dropped without an answer of the receiver. */
export type DropReason = (typeof REASONS)[number];

/**
 * The state of all samples of a writer. A sample is one value of one series in one gathering; a staleness marker is one,
 * too. At any time, `gathered` is the sum of `written`, `rejected`, the three of `dropped` and `pending`.
 */
export interface RemoteWriteCounts {
  /** Samples of all gatherings. */
  readonly gathered: number;
  /** Samples that the receiver has acknowledged. */
  readonly written: number;
  /** Samples that the receiver has refused for good. */
  readonly rejected: number;
  /** Samples that were given up, by reason. */
  readonly dropped: {
    /** The queue was full, and the samples were between others of their series. */
    readonly queue_full: number;
    /** They were older than the maximum age. */
    readonly too_old: number;
    /** The writer was stopped before they were acknowledged. */
    readonly stopped: number;
  };
  /** Samples that wait to be sent or acknowledged. */
  readonly pending: number;
}

/** Everything that a writer counts. */
export class Accounts {
  /** Identifies the writer in metrics. */
  readonly url: string;
  gathered = 0;
  written = 0;
  rejected = 0;
  readonly dropped: Record<DropReason, number> = { queue_full: 0, too_old: 0, stopped: 0 };
  retries = 0;
  requests = 0;
  requestSeconds = 0;
  sentBytes = 0;
  /** Times of the newest gathering and of the newest acknowledged one, in Unix seconds; 0 before the first. */
  lastGathered = 0;
  lastWritten = 0;
  version: RemoteWriteVersion;
  readonly #pending: () => number;

  /** `pending` counts what is in the queue. */
  constructor(url: string, version: RemoteWriteVersion, pending: () => number) {
    this.url = url;
    this.version = version;
    this.#pending = pending;
  }

  get counts(): RemoteWriteCounts {
    const { gathered, written, rejected, dropped } = this;
    return { gathered, written, rejected, dropped: { ...dropped }, pending: this.#pending() };
  }
}

type Kind = 'counter' | 'gauge' | 'info';
type Row = readonly [labels: Readonly<Record<string, string>>, value: number];

/** The metrics of writers; `rows` gives the series of one. */
const FAMILIES: readonly (readonly [name: string, type: Kind, help: string, rows: (accounts: Accounts) => Row[]])[] = [
  ['samples_gathered_total', 'counter', 'Total number of samples gathered for remote write.', one((a) => a.gathered)],
  ['samples_written_total', 'counter', 'Total number of samples acknowledged by the receiver.', one((a) => a.written)],
  ['samples_rejected_total', 'counter', 'Total number of samples refused by the receiver.', one((a) => a.rejected)],
  [
    'samples_dropped_total',
    'counter',
    'Total number of samples dropped before they were acknowledged.',
    ({ dropped }) => REASONS.map((reason) => [{ reason }, dropped[reason]]),
  ],
  ['samples_pending', 'gauge', 'Number of samples waiting to be acknowledged.', one((a) => a.counts.pending)],
  ['requests_total', 'counter', 'Total number of requests sent, including retries.', one((a) => a.requests)],
  ['retries_total', 'counter', 'Total number of requests that were sent again.', one((a) => a.retries)],
  ['sent_bytes_total', 'counter', 'Total number of compressed bytes in requests.', one((a) => a.sentBytes)],
  [
    'request_seconds_total',
    'counter',
    'Total time spent waiting for responses in seconds.',
    one((a) => a.requestSeconds),
  ],
  [
    'last_gathered_timestamp_seconds',
    'gauge',
    'Time of the last gathering in Unix seconds.',
    one((a) => a.lastGathered),
  ],
  [
    'last_written_timestamp_seconds',
    'gauge',
    'Time of the newest acknowledged gathering in Unix seconds.',
    one((a) => a.lastWritten),
  ],
  ['protocol_info', 'info', 'Version of the protocol in use.', ({ version }) => [[{ version }, 1]]],
];

function one(value: (accounts: Accounts) => number): (accounts: Accounts) => Row[] {
  return (accounts) => [[{}, value(accounts)]];
}

/** Exposes the accounts of all writers of a registry, as they are at one moment. */
class AccountsCollector implements Collector {
  readonly name = 'remote_write';
  readonly accounts = new Set<Accounts>();

  collect(): MetricFamily[] {
    return FAMILIES.map(([name, type, help, rows]): MetricFamily => {
      const points = [...this.accounts].flatMap((accounts) =>
        rows(accounts).map(([labels, value]) => ({ labels: { url: accounts.url, ...labels }, value })),
      );
      const fullName = `zeroprom_remote_write_${name}`;
      if (type === 'info')
        return { name: fullName, help, type, points: points.map(({ labels }) => ({ labels, value: 1 })) };
      return { name: fullName, help, type, points };
    });
  }
}

const collectors = new WeakMap<Registry, AccountsCollector>();

/** Adds the metrics of a writer to a registry. */
export function exposeAccounts(registry: Registry, accounts: Accounts): void {
  let collector = collectors.get(registry);
  if (collector === undefined || !registry.has(collector)) {
    collector = new AccountsCollector();
    registry.register(collector);
    collectors.set(registry, collector);
  }
  collector.accounts.add(accounts);
}
