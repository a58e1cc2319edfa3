/** An exporter with an exposition of about ten megabytes, which reports its resource usage on request. */
import { subscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { ExporterServer } from '../../../src/exporter/server/exporter-server.ts';
import { Counter, Registry } from '../../../src/index.ts';

/** Resource usage of a process. */
export interface Usage {
  readonly rssMb: number;
  /** Since the last request. */
  readonly peakRssMb: number;
  readonly heapMb: number;
  readonly descriptors: number;
  /** Maximum number of concurrent scrapes with status 200. */
  readonly mostAtOnce: number;
}

const SERIES = Number(process.env['SERIES'] ?? 100_000);
const registry = new Registry();
const counter = new Counter({ name: 'c_total', help: 'Help.', labelNames: ['path'], maxSeries: Infinity, registry });
for (let index = 0; index < SERIES; index++) counter.inc({ path: `${index}`.padStart(80, '/path') }, index);

let atOnce = 0;
let mostAtOnce = 0;
subscribe('http.server.request.start', (message) => {
  const { response } = message as { response: ServerResponse }; // According to the documentation of Node.js.
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse; // It has overloads.
  response.writeHead = (status: number, ...rest: unknown[]) => {
    if (status === 200) {
      mostAtOnce = Math.max(mostAtOnce, ++atOnce);
      response.once('close', () => atOnce--);
    }
    return writeHead(status, ...rest);
  };
});

const ignore = () => {};
const server = new ExporterServer({
  name: 'x_exporter',
  description: '',
  version: '1',
  registry,
  telemetryPath: '/metrics',
  scheduler: undefined,
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
});
const [bound] = await server.start([{ host: '127.0.0.1', port: 0 }]);

process.on('message', () => {
  globalThis.gc?.();
  const usage: Usage = {
    rssMb: statusMb('VmRSS'),
    peakRssMb: statusMb('VmHWM'),
    heapMb: process.memoryUsage().heapUsed / 2 ** 20,
    descriptors: readdirSync('/proc/self/fd').length,
    mostAtOnce,
  };
  writeFileSync('/proc/self/clear_refs', '5'); // Resets the peak.
  mostAtOnce = 0;
  process.send?.(usage);
});
process.send?.(bound);

function statusMb(key: string): number {
  const [, kilobytes] = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
