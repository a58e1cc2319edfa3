/** Clients that guess passwords, over real connections. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import bcryptjs from 'bcryptjs';
import { start } from '../../child.ts';
import { rawGet } from '../../http/raw.ts';
import { sized } from '../../long.ts';
import { EXPORTER } from '../programs/exporter-program.ts';
import { startServer } from './exporter-server.ts';

const authorization = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const request = (credentials: string) => `GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: ${credentials}\r\n\r\n`;

/** Writes a web configuration with one user, whose password has the given cost. */
function configured(t: TestContext, cost: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'web.yml');
  writeFileSync(file, `basic_auth_users:\n  alice: ${bcryptjs.hashSync('pass', cost)}\n`);
  return file;
}

/** Clients that guess passwords, each again after every rejection. */
class Guessers {
  refused = 0;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #guesses = 0;
  #onRefused: () => void = () => {};

  constructor(t: TestContext, port: number) {
    this.#port = port;
    t.after(() => this.stop());
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Sends `pipelined` guesses at once, and one for each that is rejected. */
  add(localAddress: string, pipelined = 1, { user = 'alice', padding = '' } = {}): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', localAddress });
    const guess = () => request(authorization(user, `guess ${this.#guesses++}${padding}`));
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const answers = bytes.toString('latin1').match(/^HTTP\/1\.1 401 /gm) ?? [];
      this.refused += answers.length;
      this.#onRefused();
      if (!socket.destroyed) socket.write(answers.map(guess).join(''));
    });
    socket.write(Array.from({ length: pipelined }, guess).join(''));
    this.#sockets.add(socket);
    return socket;
  }

  /** Resolves when `count` guesses were rejected. */
  async until(refused: number): Promise<void> {
    while (this.refused < refused) {
      await new Promise<void>((resolve) => {
        this.#onRefused = resolve;
      });
    }
  }
}

const MANY = sized(10, 50);

const attacks: readonly [what: string, attack: (guessers: Guessers) => void, untilRefused: number][] = [
  ['one connection of another address', (guessers) => void guessers.add('127.0.0.2', 9), 3],
  ['one connection of its own address', (guessers) => void guessers.add('127.0.0.1', 9), 3],
  ['many connections of another address', (guessers) => many(MANY, () => guessers.add('127.0.0.2', 5)), 5],
  ['many connections of its own address', (guessers) => many(MANY, () => guessers.add('127.0.0.1', 5)), MANY + 5],
  ['many addresses', (guessers) => many(MANY, (index) => guessers.add(`127.0.1.${index}`, 5)), 5],
  [
    'many addresses with one guess each at a time',
    (guessers) => many(MANY, (index) => guessers.add(`127.0.1.${index}`)),
    MANY + 5,
  ],
  ['unknown users', (guessers) => many(20, (index) => guessers.add('127.0.0.2', 5, { user: `eve ${index}` })), 5],
  [
    'passwords of ten kilobytes',
    (guessers) => many(20, () => guessers.add('127.0.0.2', 5, { padding: 'x'.repeat(10_000) })),
    5,
  ],
];

function many(count: number, add: (index: number) => void): void {
  for (let index = 1; index <= count; index++) add(index);
}

for (const [what, attack, untilRefused] of attacks) {
  test(`guesses from ${what} delay a scraper by at most three of them`, async (t) => {
    // A guess takes longer than the scraper needs to connect, also on a busy machine.
    const { port } = await startServer(t, { file: configured(t, 9) });
    const guessers = new Guessers(t, port);
    attack(guessers);
    await guessers.until(untilRefused);
    const before = guessers.refused;
    const headers = { Authorization: authorization('alice', 'pass') };
    // Not the metrics: the first scrape loads code, and guesses are checked meanwhile.
    const { status } = await rawGet(`http://127.0.0.1:${port}/-/healthy`, headers);
    guessers.stop();
    assert.equal(status, 200);
    // The one that was being checked, and those whose responses were in transit.
    assert.ok(guessers.refused - before <= 3, `${guessers.refused - before} guesses were checked before`);
  });
}

test('a scraper whose password was checked before does not wait for guesses', async (t) => {
  const { port } = await startServer(t, { file: configured(t, 8) });
  const scrape = () => rawGet(`http://127.0.0.1:${port}/metrics`, { Authorization: authorization('alice', 'pass') });
  assert.equal((await scrape()).status, 200);
  const guessers = new Guessers(t, port);
  many(20, () => guessers.add('127.0.0.1', 5));
  await guessers.until(2);
  const before = guessers.refused;
  for (let count = 0; count < 5; count++) assert.equal((await scrape()).status, 200);
  guessers.stop();
  // Far fewer than one per scrape, as waiting in the queue would cause.
  assert.ok(guessers.refused - before < 5, `${guessers.refused - before} guesses were checked meanwhile`);
});

test('requests that wait on one connection are answered in order', async (t) => {
  const { port } = await startServer(t, { file: configured(t, 5) });
  const socket = connect(port, '127.0.0.1');
  const passwords = ['pass', 'wrong', 'pass', 'wrong 2', 'pass'];
  socket.write(passwords.map((password) => request(authorization('alice', password))).join(''));
  let statuses: (string | undefined)[] = [];
  for (let text = ''; statuses.length < passwords.length; ) {
    text += (await once(socket, 'data')).join('');
    statuses = [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status);
  }
  socket.destroy();
  assert.deepEqual(statuses, ['200', '401', '200', '401', '200']);
});

test('a guess that does not fit in the queue gets 429, and its connection is closed', async (t) => {
  const { port } = await startServer(t, { file: configured(t, 8) });
  const guessers = new Guessers(t, port);
  const first = await new Promise<string>((resolve) => {
    many(600, () => {
      let text = '';
      const socket = guessers.add('127.0.0.2');
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1');
      });
      socket.once('close', () => resolve(text));
    });
  });
  guessers.stop();
  assert.match(first, /^HTTP\/1\.1 429 Too Many Requests\r\n/m);
  assert.match(first, /^Retry-After: 1\r\n/m);
  assert.match(first, /^Connection: close\r\n/m);
});

/** Returns the peak memory of a process so far, in megabytes. */
function peakMemoryMb(pid: number | undefined): number {
  const [, kilobytes = ''] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Sends up to a thousand requests on each of several connections, or until they block; twice. */
async function flood(t: TestContext, url: string, connections: number, next: () => string): Promise<void> {
  const sockets: Socket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let round = 0; round < 2; round++) {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (let index = 0; index < connections; index++) {
      const localAddress = `127.0.${index % 5}.${1 + (index % 200)}`;
      sockets.push(connect({ port: Number(new URL(url).port), host: '127.0.0.1', localAddress }));
    }
    await Promise.all(sockets.map((socket) => fill(socket, next)));
  }
}

/** Writes until the connection blocks or is closed. */
async function fill(socket: Socket, next: () => string): Promise<void> {
  socket.on('error', () => {}).resume();
  await once(socket, 'connect');
  for (let writes = 0; writes < 5 && !socket.writableNeedDrain && !socket.destroyed; writes++) {
    socket.write(Array.from({ length: 200 }, next).join(''));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

let guesses = 0;

for (const [what, connections, next] of [
  ['short requests on many connections', sized(60, 300), () => request(authorization('alice', `${guesses++}`))],
  [
    'requests of fifteen kilobytes',
    sized(20, 60),
    () => request(authorization('alice', 'x'.repeat(11_000) + guesses++)),
  ],
  ['the same request', sized(20, 100), () => request(authorization('alice', 'same'))],
  ['requests without a password', sized(20, 100), () => 'GET / HTTP/1.1\r\nHost:x\r\n\r\n'],
] as const) {
  test(`an exporter with a small heap survives floods of ${what}`, async (t) => {
    const args = [
      '--max-old-space-size=64',
      '--max-semi-space-size=4',
      ...EXPORTER,
      '--web.listen-address=127.0.0.1:0',
    ];
    const child = start(t, process.execPath, [...args, `--web.config.file=${configured(t, 8)}`]);
    const url = await child.metricsUrl();
    const before = peakMemoryMb(child.process.pid);
    await flood(t, url, connections, next);
    const { status } = await rawGet(url, { Authorization: authorization('alice', 'pass') });
    assert.equal(status, 200, child.stderr());
    const more = peakMemoryMb(child.process.pid) - before;
    t.diagnostic(`${more.toFixed(0)} MB more at the peak, and ${before.toFixed(0)} before`);
    assert.ok(more < 100, `${more} MB more`);
  });
}
