import type { Flags } from '../command-line/flag.ts';
import type { ExporterOptions, RunningExporter } from './exporter-options.ts';

/**
 * Main function of an exporter: parses the command line and the environment, then serves metrics, a landing page and
 * health checks until SIGTERM or SIGINT, which end the process with exit code 0 after a graceful shutdown.
 *
 * Resolves once the exporter listens. Never rejects: an invalid flag, a port in use or an error in `setup` ends the
 * process with a line on standard error and exit code 1. `--help`, `--version`, `--config.check` and the commands
 * `healthcheck` and `hash-password` end it too, without starting a server.
 *
 * @example
 * ```ts
 * import { Gauge, runExporter } from 'zeroprom';
 *
 * const temperature = new Gauge({ name: 'room_temperature_celsius', help: 'Room temperature.' });
 * temperature.set(21.5);
 *
 * const exporter = await runExporter({ name: 'room_exporter', defaultPort: 0 });
 * const response = await fetch(`${exporter.url}/metrics`);
 * console.log((await response.text()).includes('room_temperature_celsius 21.5')); // true
 * await exporter.stop();
 * ```
 */
export async function runExporter<const F extends Flags = Record<never, never>>(
  options: ExporterOptions<F>,
): Promise<RunningExporter> {
  // Loaded on demand: programs that only count, or have a server of their own, need half as much code.
  const { startExporter } = await import('./start-exporter.ts');
  return startExporter(options);
}
