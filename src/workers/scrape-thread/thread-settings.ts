import type { MessagePort } from 'node:worker_threads';
import type { ScrapeOptions } from '../../http/scrape/handler-options.ts';
import type { Logger } from '../../model/logger.ts';
import type { OverrideFile } from '../../registry/override-file.ts';

/** A TCP port, a Unix socket or an inherited file descriptor. */
type ListenTarget =
  | { readonly host?: string; readonly port: number }
  | { readonly path: string; readonly mode?: number }
  | { readonly fd: number };

/** Settings of the server in a scrape thread, as plain data. */
export interface ThreadSettings {
  /** Addresses, or texts as in `--web.listen-address`. */
  readonly listen: readonly (string | ListenTarget)[];
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** Path of the metrics. */
  readonly path: string;
  /** Prefix of all paths. */
  readonly prefix: string;
  readonly maxRequests: number;
  /** Paths of the routes, without the prefix, that the main thread answers. */
  readonly routes: readonly string[];
  readonly scrape: ScrapeOptions;
  /** Path of the web configuration file; empty for none. */
  readonly webConfigFile: string;
  readonly isHealthPublic: boolean;
  readonly isLifecycleEnabled: boolean;
  readonly allowedHosts: readonly string[];
  /** Milliseconds for which the event loop of the main thread may be blocked before the health check fails; 0 for no limit. */
  readonly unhealthyAfterMs: number;
  readonly shutdownDelayMs: number;
  readonly lingerMs: number;
  readonly shutdownTimeoutMs: number;
  /** Whether lines are sent to the logger of the main thread instead of being written to standard error. */
  readonly isLogForwarded: boolean;
  /** Number of threads before this one that have ended by themselves. */
  readonly restarts: number;
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly format: 'logfmt' | 'json' };
  /** Whether the main thread reports tasks. */
  readonly hasTasks: boolean;
  /**
   * Whether failures of collectors are reported to the main thread instead of being logged, and the main thread has no
   * scheduler.
   */
  readonly isReporting: boolean;
  /** Whether the thread exposes metrics of its scrapes, tasks and web configuration. */
  readonly hasScrapeMetrics: boolean;
  /** Settings of the status page, as the exporter defines them; undefined if it is not served. */
  readonly statusPage: object | undefined;
  /** Whether the thread exposes `process_*`. */
  readonly hasProcessMetrics: boolean;
}

/** An address on which a scrape thread listens. */
export interface ThreadAddress {
  /** URL of the server, or `unix:PATH`. */
  readonly url: string;
  /** TCP port; undefined for a Unix socket. */
  readonly port: number | undefined;
}

/** Data with which a scrape thread starts. */
export interface ThreadData {
  readonly port: MessagePort;
  readonly status: SharedArrayBuffer;
  readonly settings: ThreadSettings;
  /** Overrides of the main thread. */
  readonly overrides: OverrideFile | undefined;
}

/** A line of the log of a scrape thread. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  /** Texts, numbers, Booleans and errors. */
  readonly fields: Readonly<Record<string, unknown>>;
}
