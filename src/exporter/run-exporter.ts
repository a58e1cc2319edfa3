import type { Flags } from '../command-line/flag.ts';
import type { ExporterOptions, RunningExporter } from './exporter-options.ts';

/**
 * The main function of an exporter: reads the command line and the environment, serves metrics, a landing page and health
 * until SIGTERM or SIGINT, then ends the process with exit code 0. A bad flag or a taken port ends it with one line on
 * stderr and exit code 1.
 */
export async function runExporter<const F extends Flags = Record<never, never>>(
  options: ExporterOptions<F>,
): Promise<RunningExporter> {
  // Half of what there is to load, which those who only count or have a server of their own never use.
  const exporter = await import('./exporter.ts');
  return exporter.runExporter(options);
}
