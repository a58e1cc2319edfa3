import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite, type TestContext, test } from 'node:test';
import bcryptjs from 'bcryptjs';
import { start } from '../child.ts';
import { rawGet } from '../http/raw.ts';
import { EXPORTER } from './programs/exporter-program.ts';

const FIXTURES = 'test/web-config/fixtures';

function run(t: TestContext, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  return start(t, process.execPath, [...EXPORTER, ...args], { X_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:0', ...env });
}

/** Speed of a slow reader; with `READ_MB_PER_SECOND=1` it takes twenty seconds. */
const MB_PER_SECOND = Number(process.env['READ_MB_PER_SECOND'] ?? 20);

async function readSlowly(socket: Socket, mbPerSecond: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) {
    chunks.push(chunk);
    await new Promise((resolve) => setTimeout(resolve, chunk.length / (mbPerSecond * 1000)));
  }
  return Buffer.concat(chunks);
}

/** Rejects if there is a response. A connection from just before the shutdown may be reset. */
async function refused(url: URL): Promise<void> {
  for (let code: unknown = 'ECONNRESET'; code === 'ECONNRESET'; ) {
    code = await rawGet(url.href).then(
      ({ status }) => status,
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );
    assert.ok(code === 'ECONNRESET' || code === 'ECONNREFUSED', String(code));
  }
}

suite('an exporter as a process', { concurrency: 4 }, () => {
  test('metrics and enabled collectors are exposed by default', async (t) => {
    const { body } = await rawGet(await run(t).metricsUrl());
    assert.match(
      body,
      /^x_exporter_build_info\{version="1\.2\.3",revision="abc",nodeversion="v\d[^"]*",os="\w+",arch="\w+"\} 1$/m,
    );
    for (const line of ['g 1', 'cpu 1', 'process_x 1', 'metrics_handler_requests_in_flight 1']) {
      assert.ok(body.split('\n').includes(line), line);
    }
    assert.doesNotMatch(body, /^disk/m);
  });

  for (const [args, shown] of [
    [['--web.disable-exporter-metrics'], 'cpu g'],
    [['--collector.disk', '--no-collector.cpu'], 'disk g'],
    [['--collector.disable-defaults'], 'g'],
    [['--collector.disable-defaults', '--collector.cpu'], 'cpu g'],
  ] as const) {
    test(`${args.join(' ')} shows ${shown}`, async (t) => {
      const url = await run(t, ['--web.disable-exporter-metrics', ...args]).metricsUrl();
      const { body } = await rawGet(url);
      assert.equal([...body.matchAll(/^(\w+) 1$/gm)].map(([, name]) => name).join(' '), shown);
    });
  }

  test('--version prints the revision too', async (t) => {
    const child = run(t, ['--version']);
    assert.equal(await child.ended, 0);
    assert.match(child.stdout(), /^x_exporter, version 1\.2\.3 \(zeroprom \S+, node v\S+, \w+\/\w+, revision abc\)\n$/);
  });

  test('--config.check prints all errors; its exit code is 1 if there are any', async (t) => {
    const bad = run(t, ['--config.check', '--x.fail=yes', `--web.config.file=${FIXTURES}/tab.bad.yml`]);
    const good = run(t, ['--config.check', `--web.config.file=${FIXTURES}/users.good.yml`]);
    assert.equal(await bad.ended, 1);
    assert.match(bad.stderr(), /tab\.bad\.yml: line 2, column 1: .*\none mistake\nanother mistake\n$/);
    assert.equal(await good.ended, 0);
    assert.equal(good.stdout(), 'The configuration is valid.\n');
  });

  test('an invalid web configuration is reported at the start, in one line', async (t) => {
    const child = run(t, [`--web.config.file=${FIXTURES}/tab.bad.yml`]);
    assert.equal(await child.ended, 1);
    assert.match(child.stderr(), /^x_exporter: error: --web\.config\.file: [^\n]*line 2, column 1[^\n]*\n$/);
  });

  test('an unknown variable is reported by a warning, without its value', async (t) => {
    const child = run(t, [], { X_EXPORTER_WEB_LISTEN_ADRESS: 'secret' });
    await child.says(/level=WARN msg="Ignoring environment variable X_EXPORTER_WEB_LISTEN_ADRESS: no such flag\."/);
    assert.doesNotMatch(child.stderr(), /secret/);
  });

  for (const [fail, message] of [
    ['throw', 'not caught'],
    ['reject', 'not handled'],
  ] as const) {
    test(`an uncaught error is logged and ends the process: ${fail}`, async (t) => {
      const child = run(t, [`--x.fail=${fail}`]);
      assert.equal(await child.ended, 1);
      assert.match(child.stderr(), new RegExp(`level=ERROR msg="Uncaught error\\." err="${message}"`));
    });
  }

  test('a log that cannot be written does not end the process', async (t) => {
    const child = run(t, ['--x.fail=epipe']);
    assert.equal((await rawGet(await child.metricsUrl())).status, 200);
    child.process.stderr?.destroy();
    child.process.stdout?.destroy();
    child.process.kill('SIGHUP');
    child.process.kill('SIGTERM');
    assert.deepEqual((await once(child.process, 'exit'))[0], 0);
  });

  test('a second signal ends the process immediately', async (t) => {
    const child = run(t, ['--collector.hang', '--web.shutdown-timeout=60s']);
    const scrape = request(await child.metricsUrl(), { headers: { 'X-Prometheus-Scrape-Timeout-Seconds': '60' } });
    scrape.on('error', () => {}).end();
    await once(scrape, 'socket');
    await rawGet((await child.metricsUrl()).replace('/metrics', '/-/healthy'));
    child.process.kill('SIGTERM');
    await child.says(/msg=Stopping\. signal=SIGTERM/);
    child.process.kill('SIGINT');
    assert.equal(await child.ended, 130);
  });

  test('the delay and the timeout of a shutdown can be longer than the longest timer', async (t) => {
    const child = run(t, ['--web.shutdown-delay=30d', '--web.shutdown-timeout=30d']);
    const ready = (await child.metricsUrl()).replace('/metrics', '/-/ready');
    child.process.kill('SIGTERM');
    await child.says(/msg=Stopping\. signal=SIGTERM/);
    for (let count = 0; count < 10; count++) assert.match((await rawGet(ready)).body, /Not ready: stopping/);
    child.process.kill('SIGTERM');
    assert.equal(await child.ended, 143);
  });

  test('a signal before it listens ends the process', async (t) => {
    const child = run(t, ['--x.slow']);
    await child.says(/waiting/);
    child.process.kill('SIGTERM');
    assert.equal(await child.ended, 0);
  });

  test('SIGHUP reloads, and the exporter continues to serve even if that fails', async (t) => {
    const good = run(t);
    const bad = run(t, [], { RELOAD_FAILS: '1' });
    const urls = [await good.metricsUrl(), await bad.metricsUrl()];
    good.process.kill('SIGHUP');
    bad.process.kill('SIGHUP');
    await good.says(/msg="Reloaded the configuration\."/);
    await bad.says(/level=ERROR msg="Reloading the configuration failed; [^"]*" err="no reload"/);
    for (const url of urls) assert.equal((await rawGet(url)).status, 200);
  });

  test('a POST to /-/quit stops the exporter with exit code 0', async (t) => {
    const child = run(t, ['--web.enable-lifecycle']);
    const url = await child.metricsUrl();
    assert.equal((await rawGet(url.replace('/metrics', '/-/quit'), {}, { method: 'POST' })).status, 200);
    assert.equal(await child.ended, 0);
  });

  test('a slow reader gets all of twenty megabytes during a shutdown, while new connections are rejected', async (t) => {
    const child = run(t, ['--x.series=200000', '--web.shutdown-timeout=60s']);
    const url = new URL(await child.metricsUrl());
    const socket = connect(Number(url.port), url.hostname);
    socket.write('GET /metrics HTTP/1.0\r\n\r\n');
    await once(socket, 'readable');
    child.process.kill('SIGTERM');
    await child.says(/msg=Stopping\./);
    await refused(url);
    const body = await readSlowly(socket, MB_PER_SECOND);
    await refused(url);
    assert.ok(body.length > 19e6, `${body.length} bytes`);
    assert.equal(body.toString('latin1').match(/^many\{/gm)?.length, 200_000);
    assert.equal(await child.ended, 0);
  });

  test('it listens on a Unix socket, where the health check reaches it, and removes the socket', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'x.sock');
    const child = run(t, [`--web.listen-address=unix:${path}?mode=0600`]);
    await child.says(/msg=Listening\. url=unix:/);
    const check = run(t, ['healthcheck', `--web.listen-address=unix:${path}`]);
    assert.equal(await check.ended, 0, check.stderr());
    child.process.kill('SIGTERM');
    assert.equal(await child.ended, 0);
    assert.equal(existsSync(path), false);
  });

  test('it uses the socket of systemd', async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // A server that listens on a port has such an address.
    // The handle of the server has the descriptor; Node.js has no public name for it.
    const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
    const shell = `LISTEN_PID=$$ LISTEN_FDS=1 exec ${process.execPath} ${EXPORTER.join(' ')} --web.systemd-socket`;
    const child = spawn('bash', ['-c', shell], { stdio: ['ignore', 'ignore', 'pipe', fd] });
    t.after(() => child.kill('SIGKILL'));
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    while (!stderr.includes('msg=Listening.')) await once(child.stderr!, 'data'); // As piped above.
    // From here on only the child accepts connections.
    await new Promise((resolve) => server.close(resolve));
    assert.match((await rawGet(`http://127.0.0.1:${port}/metrics`)).body, /^g 1$/m);
  });

  test('a missing socket of systemd is reported', async (t) => {
    const child = run(t, ['--web.systemd-socket']);
    assert.equal(await child.ended, 1);
    assert.match(child.stderr(), /^x_exporter: error: no socket activation file descriptors found/);
  });

  const isolated = spawnSync('unshare', ['-rfp', 'true']).status === 0;

  test('as the first process of a container it stops on SIGTERM', {
    skip: !isolated && 'PID namespaces cannot be created here: run as root, and install util-linux.',
  }, async (t) => {
    const child = start(t, 'unshare', ['-rfp', '--kill-child', process.execPath, ...EXPORTER], {
      X_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:0',
    });
    await child.metricsUrl();
    const children = readFileSync(`/proc/${child.process.pid}/task/${child.process.pid}/children`, 'utf8').trim();
    process.kill(Number(children.split(' ')[0]), 'SIGTERM');
    assert.equal(await child.ended, 0);
  });

  for (const [algorithm, pattern] of [
    ['', /^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+\n$/],
    ['bcrypt', /^\$2b\$10\$[./A-Za-z0-9]{53}\n$/],
  ] as const) {
    test(`hash-password ${algorithm} prints a hash, and nothing of the password`, async () => {
      const args = ['hash-password', ...(algorithm === '' ? [] : [algorithm])];
      const child = spawn(process.execPath, [...EXPORTER, ...args], { stdio: 'pipe' });
      child.stdin.end('s3cret pass\nnot this\n');
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      assert.match(out, pattern);
      assert.equal(err, '');
      if (algorithm === 'bcrypt') assert.equal(bcryptjs.compareSync('s3cret pass', out.trim()), true);
    });
  }

  test('hash-password requires a password', async () => {
    const child = spawn(process.execPath, [...EXPORTER, 'hash-password'], { stdio: 'pipe' });
    child.stdin.end();
    assert.match(await text(child.stderr), /^x_exporter: error: hash-password needs a password on standard input/);
  });

  for (const [what, text] of [
    ['empty', ''],
    ['no YAML', 'a: b: c'],
    ['one for plain HTTP', 'basic_auth_users: {}'],
  ] as const) {
    test(`an exporter whose web configuration has become ${what} is healthy`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
      t.after(() => rmSync(folder, { recursive: true }));
      const file = join(folder, 'web.yml');
      const [cert, key] = ['crt', 'key'].map((kind) => resolve(`${FIXTURES}/server.${kind}`));
      writeFileSync(file, `tls_server_config:\n  cert_file: ${cert}\n  key_file: ${key}\n`);
      const { host } = new URL(await run(t, [`--web.config.file=${file}`]).metricsUrl());
      writeFileSync(file, text);
      const check = run(t, ['healthcheck', `--web.config.file=${file}`, `--web.listen-address=${host}`]);
      assert.equal(await check.ended, 0, check.stderr());
    });
  }

  test('the health check uses TLS if the web configuration does', async (t) => {
    const config = `--web.config.file=${FIXTURES}/tls.good.yml`;
    const child = run(t, [config]);
    const { host, protocol } = new URL(await child.metricsUrl());
    assert.equal(protocol, 'https:');
    const check = run(t, ['healthcheck', config, `--web.listen-address=${host}`]);
    assert.equal(await check.ended, 0, check.stderr());
  });
});
