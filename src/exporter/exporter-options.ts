import type { RequestListener } from 'node:http';
import type { Flags, FlagValues } from '../command-line/flag.ts';
import { SCRAPE_OPTIONS, type ScrapeOptions } from '../http/scrape/handler-options.ts';
import type { Collector } from '../model/collector.ts';
import type { OptionNames } from '../model/option-names.ts';
import type { Gatherer } from '../registry/gathering.ts';
import type { Registry } from '../registry/registry.ts';
import type { CollectorFlag } from './exporter-flags.ts';
import type { Background } from './server/readiness.ts';

/** A collector that the flags `--collector.NAME` and `--no-collector.NAME` enable and disable. */
export interface ExporterCollector<F extends Flags = Flags> extends CollectorFlag {
  /**
   * Creates the collector. Called once at the start with the values of the exporter's flags, only if the collector is
   * enabled.
   */
  readonly create: (values: FlagValues<F>) => Collector | Promise<Collector>;
}

/** Registers collectors of the process and the runtime, and returns a handle that stops them. */
export type DefaultCollectors = (registry: Registry) => Stoppable | Promise<Stoppable>;

interface Stoppable {
  stop(): void;
}

/**
 * Options of {@link runExporter}. `createdLines` and `scrapeThread` are the defaults of the flags `--web.created-lines` and
 * `--web.scrape-thread`.
 */
export interface ExporterOptions<F extends Flags = Flags> extends ScrapeOptions {
  /** Name of the program, such as `example_exporter`. In capitals it is the prefix of the environment variables. */
  readonly name: string;
  /** TCP port to listen on unless `--web.listen-address` says otherwise; 0 for any free port. */
  readonly defaultPort: number;
  /**
   * Sentence on what the exporter exposes, for `--help` and the landing page.
   *
   * @defaultValue `''`
   */
  readonly description?: string;
  /**
   * Version of the exporter, for `--version`, the landing page and `NAME_build_info`.
   *
   * @defaultValue `'unknown'`
   */
  readonly version?: string;
  /**
   * Commit that the exporter was built from, for `--version` and `NAME_build_info`.
   *
   * @defaultValue `'unknown'` in `--version`; `NAME_build_info` then has no label `revision`
   */
  readonly revision?: string;
  /**
   * Registry to serve.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: Gatherer;
  /**
   * Serves from a thread of its own, which answers while the event loop is blocked. Signals and custom collectors still
   * need the event loop. In a cluster, only the primary may do so.
   *
   * @defaultValue `false`
   */
  readonly scrapeThread?: boolean;
  /**
   * Scheduler to start once the server listens, and to stop with it. The exporter is not ready before each task has
   * succeeded once, and exposes metrics about the tasks.
   *
   * @defaultValue none
   */
  readonly scheduler?: Background;
  /**
   * Flags of this exporter, by name, in addition to those of all exporters.
   *
   * @defaultValue none
   */
  readonly flags?: F;
  /**
   * Collectors by name; each gets a flag. A collector that has the name of a default collector replaces it.
   *
   * @defaultValue none
   */
  readonly collectors?: Readonly<Record<string, ExporterCollector<F>>>;
  /**
   * Registers the default collectors. `false` removes them and the metrics about the exporter itself (build, scrapes,
   * tasks and web configuration), like `--web.disable-exporter-metrics`.
   *
   * @defaultValue process and Node.js metrics, which `--no-collector.process` and `--no-collector.nodejs` disable
   */
  readonly defaultCollectors?: DefaultCollectors | false;
  /**
   * Called with the values of `flags` before anything starts: creates whatever depends on them. An error ends the
   * process with exit code 1.
   *
   * @defaultValue nothing is called
   */
  readonly setup?: (values: FlagValues<F>) => void | Promise<void>;
  /**
   * Returns the mistakes in the configuration that `flags` name, a sentence each, for `--config.check`.
   *
   * @defaultValue only the web configuration is checked
   */
  readonly checkConfig?: (values: FlagValues<F>) => readonly string[] | Promise<readonly string[]>;
  /**
   * Reloads that configuration on SIGHUP and `/-/reload`. If it throws or rejects it must leave the configuration as it
   * was.
   *
   * @defaultValue only the web configuration is reloaded
   */
  readonly reload?: () => void | Promise<void>;
  /**
   * Further routes by path, such as `{ '/probe': probeHandler({ modules }) }`, behind the same TLS and passwords. They answer GET
   * and HEAD. With `--web.scrape-thread`, the thread forwards these requests.
   *
   * @defaultValue none
   */
  readonly routes?: Readonly<Record<string, RequestListener>>;
  /**
   * Called once when the exporter stops, after the last scrape and the last task have ended: closes connections to what is
   * monitored. If it throws or rejects, the process ends with exit code 1.
   *
   * @defaultValue nothing is called
   */
  readonly shutdown?: () => void | Promise<void>;
}

export const EXPORTER_OPTIONS: OptionNames<ExporterOptions> = {
  ...SCRAPE_OPTIONS,
  name: true,
  defaultPort: true,
  description: true,
  version: true,
  revision: true,
  registry: true,
  scheduler: true,
  flags: true,
  collectors: true,
  defaultCollectors: true,
  setup: true,
  checkConfig: true,
  reload: true,
  routes: true,
  shutdown: true,
  scrapeThread: true,
};

/** A running exporter, returned by {@link runExporter}. */
export interface RunningExporter {
  /** URL at which this machine reaches the exporter, without a path; the first if it listens on several addresses. */
  readonly url: string;
  /** URLs of all addresses that the exporter listens on. */
  readonly urls: readonly string[];
  /**
   * Stops the exporter without ending the process: completes scrapes in flight and waits for running tasks, both within
   * `--web.shutdown-timeout`. Resolves when everything is closed; rejects if the scheduler cannot be stopped.
   */
  stop(): Promise<void>;
}
