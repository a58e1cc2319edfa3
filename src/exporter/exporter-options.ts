import type { Flags, FlagValues } from '../command-line/flag.ts';
import type { ScrapeOptions } from '../http/scrape/handler-options.ts';
import type { Collector } from '../model/collector.ts';
import type { Gatherer } from '../registry/gathering.ts';
import type { Registry } from '../registry/registry.ts';
import type { CollectorFlag } from './exporter-flags.ts';
import type { Background } from './server/readiness.ts';

/** A collector that the command line turns on and off: `--collector.NAME`, `--no-collector.NAME`. */
export interface ExporterCollector<F extends Flags = Flags> extends CollectorFlag {
  /** Called once, and only where the collector is on. */
  readonly create: (values: FlagValues<F>) => Collector | Promise<Collector>;
}

/** Registers collectors of the process and the runtime, and can stop them. */
export type DefaultCollectors = (registry: Registry) => Stoppable | Promise<Stoppable>;

interface Stoppable {
  stop(): void;
}

/** What `runExporter()` takes. `createdLines` is the default of the flag `--web.created-lines`. */
export interface ExporterOptions<F extends Flags = Flags> extends ScrapeOptions {
  /** As in `example_exporter`; variables of the environment begin with it. */
  readonly name: string;
  /** The port where nobody asks for another. */
  readonly defaultPort: number;
  /** What it exports, for people. */
  readonly description?: string;
  /** The exporter's own version. */
  readonly version?: string;
  /** What it was built from: a commit. */
  readonly revision?: string;
  /** The default registry by default. */
  readonly registry?: Gatherer;
  /** Started once the server listens, stopped with it. A `Scheduler` shows its own series too. */
  readonly scheduler?: Background;
  /** The exporter's own flags, beside those that every exporter has. */
  readonly flags?: F;
  /** Collectors by name; each gets its flag. One of the name of a default collector takes its place. */
  readonly collectors?: Readonly<Record<string, ExporterCollector<F>>>;
  /**
   * Adds the metrics of the process and the runtime: all of them by default, with a flag for each half,
   * `--collector.process` and `--collector.nodejs`. With them come those of the exporter itself: its build, its scrapes, its
   * tasks, its web configuration. `false` leaves all of them out, as `--web.disable-exporter-metrics` does.
   */
  readonly defaultCollectors?: DefaultCollectors | false;
  /** Called with the values of `flags` before anything starts: the place to build what depends on them. */
  readonly setup?: (values: FlagValues<F>) => void | Promise<void>;
  /** What is wrong with the configuration that the flags name, a sentence each: for `--config.check`. */
  readonly checkConfig?: (values: FlagValues<F>) => readonly string[] | Promise<readonly string[]>;
  /** Reads that configuration again, on SIGHUP and `/-/reload`; rejects where that fails, and leaves all as it was. */
  readonly reload?: () => void | Promise<void>;
}

/** An exporter that runs. */
export interface RunningExporter {
  /** Where this machine reaches it; the first of several. */
  readonly url: string;
  /** All of them. */
  readonly urls: readonly string[];
  stop(): Promise<void>;
}
