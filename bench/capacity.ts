/**
 * Measures bytes and CPU time per scrape and per push, from a thousand series to a million: the table of
 * `docs/growing.md`. Run `npx tsx bench/capacity.ts` after `npm run build`. The scraper and the receiver are another
 * process, so that the times are those of the application alone.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

const SIZES = [1000, 10_000, 100_000, 1_000_000];
/** Series per measurement: small expositions are repeated more often. */
const TOTAL = 1_000_000;
const ACCEPT_PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

interface Figures {
  readonly bytes: number;
  readonly cpuMs: number;
}

if (process.env.CAPACITY_SERIES === undefined) await measureAll();
else await application(Number(process.env.CAPACITY_SERIES));

async function measureAll(): Promise<void> {
  const columns = ['text', 'text, gzip', 'protobuf, gzip', 'remote write 2.0', 'OTLP, gzip'];
  console.log(`| series | ${columns.map((column) => `${column}: bytes | CPU ms`).join(' | ')} |`);
  console.log(`|---:|${columns.map(() => '---:|---:').join('|')}|`);
  for (const size of SIZES) {
    const figures = await measure(size);
    const cells = figures.map(({ bytes, cpuMs }) => `${Math.round(bytes)} | ${cpuMs.toFixed(1)}`);
    console.log(`| ${size} | ${cells.join(' | ')} |`);
  }
}

/** Starts an application, scrapes it, and receives what it pushes. */
async function measure(size: number): Promise<Figures[]> {
  const rounds = Math.min(100, Math.max(5, TOTAL / size));
  let received = 0;
  const receiver = await serve((request, response) => {
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    request.on('end', () => {
      const isRemoteWrite = request.url === '/write';
      response.writeHead(isRemoteWrite ? 204 : 200, { 'X-Prometheus-Remote-Write-Samples-Written': '2000' }).end();
    });
  });
  const child = fork(import.meta.filename, {
    execArgv: process.execArgv,
    env: { ...process.env, CAPACITY_SERIES: String(size), CAPACITY_RECEIVER: receiver },
  });
  const ask = async (question: string): Promise<unknown> => {
    child.send(question);
    const [answer] = await once(child, 'message');
    return answer;
  };
  const [url] = await once(child, 'message');
  const figures: Figures[] = [];
  for (const headers of [{}, { 'Accept-Encoding': 'gzip' }, { 'Accept-Encoding': 'gzip', Accept: ACCEPT_PROTOBUF }]) {
    for (let round = 0; round < rounds / 2; round++) await scrape(String(url), headers); // Compiles the code.
    await ask('cpu');
    let bytes = 0;
    for (let round = 0; round < rounds; round++) bytes = await scrape(String(url), headers);
    figures.push({ bytes, cpuMs: Number(await ask('cpu')) / rounds });
  }
  for (const protocol of ['remote-write', 'otlp']) {
    for (let round = 0; round < rounds / 2; round++) await ask(protocol);
    await ask('cpu');
    received = 0;
    for (let round = 0; round < rounds; round++) await ask(protocol);
    figures.push({ bytes: received / rounds, cpuMs: Number(await ask('cpu')) / rounds });
  }
  child.disconnect();
  await once(child, 'exit');
  return figures;
}

async function scrape(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const [response] = await once(get(url, { headers }), 'response');
  let bytes = 0;
  for await (const chunk of response) bytes += chunk.length;
  return bytes;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // It listens on a port.
  server.unref();
  return `http://127.0.0.1:${port}`;
}

/** Has counters with three labels, which all change between two scrapes. */
async function application(size: number): Promise<void> {
  const { Counter, metricsHandler, Registry } = await import('../src/index.ts');
  const { OtlpExporter, RemoteWriter } = await import('../src/push/index.ts');
  const registry = new Registry({ selfMetrics: false });
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Total number of requests.',
    labelNames: ['method', 'route', 'code'],
    maxSeries: Number.POSITIVE_INFINITY,
    registry,
  });
  const children = Array.from({ length: size }, (_, index) =>
    requests.labels(
      ['GET', 'POST', 'PUT'][index % 3] ?? '',
      `/api/v1/things/${Math.floor(index / 12)}`,
      200 + (index % 12),
    ),
  );
  const change = () => {
    for (const [index, child] of children.entries()) child.inc(1 + (index % 97));
  };
  const metrics = metricsHandler({ registry });
  const url = await serve((request, response) => metrics(request, response));
  const receiver = process.env.CAPACITY_RECEIVER ?? '';
  const writer = new RemoteWriter({ url: `${receiver}/write`, labels: { job: 'app', instance: 'app-1' }, registry });
  const exporter = new OtlpExporter({
    url: `${receiver}/otlp`,
    resource: { 'service.name': 'app' },
    compress: true,
    registry,
  });
  const actions: Readonly<Record<string, () => Promise<unknown>>> = {
    'remote-write': () => writer.flush({ timeout: '5m' }),
    otlp: () => exporter.flush({ timeout: '5m' }),
  };
  let start = process.cpuUsage();
  let changingMs = 0;
  process.on('message', async (question: string) => {
    if (question !== 'cpu') {
      await actions[question]?.();
      const changed = process.cpuUsage();
      change();
      changingMs += cpuMs(changed);
      process.send?.('done');
      return;
    }
    process.send?.(cpuMs(start) - changingMs);
    changingMs = 0;
    start = process.cpuUsage();
  });
  process.on('disconnect', () => process.exit());
  change();
  process.send?.(url);
}

/** CPU time of the process since an earlier reading. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}
