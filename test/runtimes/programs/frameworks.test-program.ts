/**
 * Checks the claims of docs/frameworks.md: each example is scraped by a real Prometheus with a page of more than 1 MB,
 * labels its requests correctly, follows an edit in development, and ends gracefully on SIGTERM.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { Prometheus, until } from '../../../test/e2e/prometheus.ts';
import { freePort } from '../../../test/free-port.ts';
import { countedRequests } from './counted-requests.ts';
import { type Command, type Framework, frameworks } from './frameworks.ts';
import { type Group, startGroup } from './process-group.ts';

const ROOT = resolve('../..');
const PAGE = join(ROOT, 'docs/frameworks.md');
const certificate = join(ROOT, 'test/web-config/fixtures/server');
const chosen = (process.env['FRAMEWORKS'] ?? '').split(',').filter((name) => name !== '');
const isChosen = ({ example }: Framework) => chosen.length === 0 || chosen.includes(example.replace(/\.ts$/, ''));

/** More than a megabyte of series in the default registry. */
const FILL = `
import { defaultRegistry, Gauge } from 'zeroprom';
const gauge = defaultRegistry.getOrCreate(Gauge, { name: 'filler', help: 'Fills the page.', labelNames: ['n'], maxSeries: 20000 });
for (let n = 0; n < 12000; n++) gauge.set({ n: String(n).padStart(80, 'x') }, n);
`;

/** A collector that waits as long as there is a file `hold` in the working directory, and then creates a file `held`. */
const HOLD = `
import { existsSync, writeFileSync } from 'node:fs';
const collect = async () => {
  if (existsSync('hold')) writeFileSync('held', '');
  while (existsSync('hold')) await new Promise((resolve) => setTimeout(resolve, 20));
  return [{ name: 'held', help: 'Waits.', type: 'gauge', points: [{ value: 1 }] }];
};
defaultRegistry.register({ name: 'held', collect });
`;

for (const framework of frameworks.filter(isChosen)) {
  test(`${framework.name}: Prometheus scrapes a large page, labels are correct, and shutdown is graceful`, async (t) => {
    const folder = workFolder(t, framework);
    for (const command of framework.build ?? []) await run(t, command, folder);
    const port = await freePort();
    const child = spawn(t, framework.start(port), folder, port);
    const url = `${framework.scheme}://127.0.0.1:${port}`;
    await until('it answers', async () => (await bodyOf(url + framework.greeting, child)).includes('hello bob'));
    await bodyOf(`${url}/nowhere`, child);

    const page = await bodyOf(`${url}/metrics`, child);
    assert.ok(page.length > 1_000_000, `The page has ${page.length} bytes.`);
    assert.match(page, /^hello_requests_total 1$/m);
    assert.deepEqual(countedRequests(page), {
      [`GET ${framework.route} 200`]: 1,
      ...(framework.otherRoute !== undefined && { [`GET ${framework.otherRoute} 404`]: 1 }),
    });

    const openMetrics = await bodyOf(
      `${url}/metrics?name[]=hello_requests_total`,
      child,
      'application/openmetrics-text',
    );
    assert.match(openMetrics, /^hello_requests_total 1(\.0)?\n# EOF$/m);

    // Ends before the shutdown: scrapes every two seconds would keep a connection in use.
    await t.test('Prometheus stores all series', async (t) => {
      const prometheus = await Prometheus.start(t, {
        target: new URL(url).host,
        interval: '2s',
        job: `scheme: ${framework.scheme}, tls_config: { insecure_skip_verify: true }`,
      });
      await until('it was scraped', async () => (await prometheus.value('hello_requests_total')) === 1);
      assert.equal(await prometheus.value('up'), 1);
      assert.equal(await prometheus.value('count(filler)'), 12_000);
    });

    const half = framework.receives ? await halfRequest(url, framework.greeting) : undefined;
    const held = framework.drains ? await heldScrape(url, folder, child) : undefined;
    child.terminate();
    if (framework.drains) await until('it accepts no more connections', async () => !(await isListening(port)));
    half?.socket.write('\r\n\r\n');
    if (half !== undefined) assert.match(await half.response, /hello bob/);
    held?.release();
    if (held !== undefined) assert.match(await held.page, /^held 1$/m);
    assert.equal(await child.ended, framework.exit, child.output());
    assert.doesNotMatch(child.output(), /API resolved without sending a response|Warning: (?!Next)/);
  });

  test(`${framework.name}: an edit in development takes effect, and requests are still counted`, async (t) => {
    const folder = workFolder(t, framework);
    const port = await freePort();
    const child = spawn(t, framework.develop(port), folder, port);
    const url = `${framework.scheme}://127.0.0.1:${port}`;
    await until('it answers', async () => (await bodyOf(url + framework.greeting, child)).includes('hello bob'));
    const shown = async (help: string): Promise<boolean> =>
      (await bodyOf(`${url}/metrics`, child)).includes(`# HELP hello_requests_total ${help}\n`);
    await until('it serves metrics', () => shown('Total number of greetings.'));
    const file = join(folder, framework.edited);
    for (const help of ['Greetings.', 'All greetings.']) {
      writeFileSync(file, readFileSync(file, 'utf8').replace(/help: '.*?'/, `help: '${help}'`));
      await until(`the page has the help ${help}`, () => shown(help));
      const before = greetingsIn(await bodyOf(`${url}/metrics`, child));
      assert.match(await bodyOf(url + framework.greeting, child), /hello bob/);
      assert.equal(greetingsIn(await bodyOf(`${url}/metrics`, child)), before + 1);
    }
  });
}

test('docs/frameworks.md has the table of these claims, and a section for each framework', () => {
  const page = readFileSync(PAGE, 'utf8');
  const rows = frameworks.map(
    ({ name, reload, drains, exit }) =>
      `| ${name} | yes | yes | ${reload} | ${drains ? `yes${exit === 0 ? '' : `, ${exit}`}` : 'none'} |`,
  );
  assert.deepEqual(page.match(/^\| (?!framework|---).*\|$/gm), rows);
});

/** Copies all examples, so that they can be edited. Returns the folder of the project, or that with the example. */
function workFolder(t: TestContext, { example, drains }: Framework): string {
  mkdirSync('work', { recursive: true });
  const folder = mkdtempSync(resolve('work', 'x'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const isOther = (path: string) =>
    ['next', 'nitro', 'nuxt'].some((name) => name !== example && path.endsWith(`/examples/${name}`));
  cpSync(resolve('examples'), folder, { recursive: true, filter: (path) => !isOther(path) });
  writeFileSync(join(folder, 'fill.mjs'), drains ? FILL + HOLD : FILL);
  writeFileSync(join(folder, 'tsconfig.json'), '{ "extends": "../../tsconfig.json", "include": ["*.ts"] }');
  return example.endsWith('.ts') ? folder : join(folder, example);
}

function spawn(t: TestContext, { args: [command = '', ...args], env }: Command, folder: string, port: number): Group {
  const variables = {
    PORT: String(port),
    HOST: '127.0.0.1',
    TLS_CERT: `${certificate}.crt`,
    TLS_KEY: `${certificate}.key`,
    NEXT_TELEMETRY_DISABLED: '1',
    NUXT_TELEMETRY_DISABLED: '1',
    ...env,
  };
  return startGroup(t, command, args, variables, folder);
}

async function run(t: TestContext, command: Command, folder: string): Promise<void> {
  const child = spawn(t, command, folder, 0);
  assert.equal(await child.ended, 0, child.output());
}

/**
 * Requests a page over a connection of its own; an empty text if the server does not listen yet, or does not answer: Nuxt in
 * development may lose a request that arrives while it reloads.
 */
async function bodyOf(url: string, child: Group, accept = '*/*'): Promise<string> {
  if (child.hasEnded()) throw new Error(`It ended:\n${child.output()}`);
  const get = url.startsWith('https:') ? httpsGet : httpGet;
  try {
    const [response] = await once(
      get(url, {
        agent: false,
        rejectUnauthorized: false,
        headers: { accept, 'accept-encoding': 'identity', connection: 'close' },
        signal: AbortSignal.timeout(20_000),
      }),
      'response',
    );
    return await text(response);
  } catch {
    return '';
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Requests a page that is answered after `release()`. */
async function heldScrape(url: string, folder: string, child: Group) {
  const file = join(folder, 'hold');
  writeFileSync(file, '');
  const page = bodyOf(`${url}/metrics?collect[]=held`, child);
  await until('it handles the request', async () => existsSync(join(folder, 'held')));
  return { page, release: () => rmSync(file) };
}

/** Sends the head of a request but for its end. */
async function halfRequest(url: string, path: string): Promise<{ socket: Socket; response: Promise<string> }> {
  const { hostname: host, port: portText, protocol } = new URL(url);
  const port = Number(portText);
  const socket =
    protocol === 'https:' ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
  await once(socket, protocol === 'https:' ? 'secureConnect' : 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close`);
  return { socket, response: text(socket) };
}

function greetingsIn(page: string): number {
  return Number(/^hello_requests_total (\d+)$/m.exec(page)?.[1] ?? Number.NaN);
}
