import type { TestContext } from 'node:test';
import { ExporterServer, type ExporterServerOptions } from '../../../src/exporter/server/exporter-server.ts';
import type { ListenAddress } from '../../../src/exporter/server/listen-address.ts';
import { SERVER_LIMITS } from '../../../src/exporter/server/server-limits.ts';
import { Gauge, Registry } from '../../../src/index.ts';
import type { Logger } from '../../../src/model/logger.ts';
import { WebConfigFile } from '../../../src/web-config/web-config-file.ts';

/** Records log messages as `level message`. */
export class Log implements Logger {
  readonly lines: string[] = [];
  readonly debug = this.#at('debug');
  readonly info = this.#at('info');
  readonly warn = this.#at('warn');
  readonly error = this.#at('error');

  #at(level: string) {
    return (message: string) => void this.lines.push(`${level} ${message}`);
  }
}

export interface Started {
  readonly server: ExporterServer;
  readonly port: number;
  readonly bound: readonly ListenAddress[];
  readonly registry: Registry;
  readonly log: Log;
  readonly webConfig: WebConfigFile | undefined;
}

/** Limits that are short enough for tests. */
export const QUICK = {
  ...SERVER_LIMITS,
  headersTimeout: 300,
  requestTimeout: 600,
  connectionsCheckingInterval: 50,
  betweenRequests: 400,
  handshakeTimeout: 300,
};

/** Starts an exporter with one metric on a free port, and stops it after the test. `file` is a web configuration. */
export async function startServer(
  t: TestContext,
  options: Partial<ExporterServerOptions> & { readonly file?: string; readonly addresses?: ListenAddress[] } = {},
): Promise<Started> {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'g', help: 'Help.', registry }).set(1);
  const log = new Log();
  const webConfig = options.file === undefined ? undefined : await WebConfigFile.load(options.file, log);
  const server = new ExporterServer({
    name: 'x_exporter',
    description: 'Tests.',
    version: '1',
    registry,
    telemetryPath: '/metrics',
    scheduler: undefined,
    logger: log,
    webConfig,
    shutdownTimeoutMs: 1000,
    ...options,
  });
  t.after(async () => {
    await server.stop();
    webConfig?.close();
  });
  const bound = await server.start(options.addresses ?? [{ host: '127.0.0.1', port: 0 }]);
  const [first] = bound;
  return { server, bound, registry, log, webConfig, port: first !== undefined && 'port' in first ? first.port : 0 };
}
