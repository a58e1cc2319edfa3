import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { Usage } from '../../exporter/programs/large.ts';
import { sized } from '../../long.ts';

const LIMIT = 40;
const SCRAPES = sized(300, 1000);

interface Exporter {
  readonly port: number;
  readonly usage: () => Promise<Usage>;
}

/** Starts the exporter in its own process, so that only its own memory is measured. */
async function exporter(t: TestContext, series: number, flags: readonly string[] = []): Promise<Exporter> {
  const child: ChildProcess = fork(join(import.meta.dirname, '../../exporter/programs/large.js'), {
    // Since Node.js 24, V8 lets its young generation grow to some 100 MB, most of it garbage. To measure the memory that the server
    // holds, each half of it has 16 MB, the default of Node.js 20.
    execArgv: ['--expose-gc', '--max-semi-space-size=16', ...flags],
    env: { ...process.env, SERIES: String(series) },
  });
  t.after(() => child.kill('SIGKILL'));
  const [{ port }] = await once(child, 'message');
  const usage = async (): Promise<Usage> => {
    child.send('usage');
    const [answer] = await once(child, 'message');
    return answer;
  };
  return { port, usage };
}

interface Answer {
  readonly status: number;
  readonly bytes: number;
}

function ask(port: number, headers = ''): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write(`GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`);
  return socket;
}

/** Status 0 if the connection was closed without a response. */
async function scrape(port: number, headers = ''): Promise<Answer> {
  const socket = ask(port, headers);
  let status = 0;
  let bytes = 0;
  socket.on('data', (chunk) => {
    if (status === 0) status = Number(chunk.toString('latin1', 9, 12));
    bytes += chunk.length;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return { status, bytes };
}

test(`${SCRAPES} concurrent scrapes of ten megabytes respect the limit, and memory hardly grows`, async (t) => {
  const { port, usage } = await exporter(t, 100_000);
  for (const headers of ['', 'Accept-Encoding: gzip\r\n']) await scrape(port, headers);
  await usage();
  const before = await usage();
  const answers = await Promise.all(
    Array.from({ length: SCRAPES }, (_, index) => scrape(port, index % 2 === 0 ? '' : 'Accept-Encoding: gzip\r\n')),
  );
  const { peakRssMb, mostAtOnce } = await usage();
  const served = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status === 503);
  const more = peakRssMb - before.rssMb;
  t.diagnostic(`${served.length} served, ${refused.length} refused, ${more.toFixed(0)} MB more at the peak`);
  assert.equal(served.length + refused.length, SCRAPES);
  assert.ok(mostAtOnce <= LIMIT && served.length >= LIMIT, `${mostAtOnce} at once`);
  assert.ok(Math.max(...served.map(({ bytes }) => bytes)) > 9e6);
  assert.ok(more < 60, `${more.toFixed(0)} MB`);
});

test('a hundred clients that do not read do not keep the next scrape out', async (t) => {
  const { port, usage } = await exporter(t, 100_000);
  await scrape(port);
  await usage();
  const before = await usage();
  const readers = Array.from({ length: 100 }, () => ask(port).pause());
  t.after(() => {
    for (const reader of readers) reader.destroy();
  });
  await Promise.all(readers.map((reader) => once(reader, 'connect')));
  const began = performance.now();
  let answer = await scrape(port);
  while (answer.status !== 200) answer = await scrape(port);
  const seconds = (performance.now() - began) / 1000;
  const { peakRssMb } = await usage();
  t.diagnostic(`served after ${seconds.toFixed(1)} s, ${(peakRssMb - before.rssMb).toFixed(0)} MB more at the peak`);
  assert.ok(answer.bytes > 9e6);
  assert.ok(seconds < 10, `${seconds} s`);
  assert.ok(peakRssMb - before.rssMb < 60, `${peakRssMb - before.rssMb} MB`);
});

test(`${sized(2000, 10_000)} scrapes leak neither heap memory nor descriptors`, async (t) => {
  // V8 continues to compile for tens of thousands of scrapes, and keeps up to 1.5 MB of code. In its interpreter, the heap
  // grows only by the memory that the server holds.
  const { port, usage } = await exporter(t, 10, ['--no-opt', '--no-maglev', '--no-sparkplug']);
  await scrapes(port, 1000);
  const before = await settled(usage, Number.POSITIVE_INFINITY);
  await scrapes(port, sized(2000, 10_000));
  const after = await settled(usage, before.descriptors);
  const more = after.heapMb - before.heapMb;
  t.diagnostic(`${more.toFixed(2)} MB of heap more, ${after.descriptors - before.descriptors} descriptors`);
  assert.ok(more < 0.5, `${more} MB of heap more`);
  assert.ok(after.descriptors <= before.descriptors, `${after.descriptors} descriptors, ${before.descriptors} before`);
});

/** Scrapes in batches of twenty, each over its own connection; every second scrape is compressed. */
async function scrapes(port: number, count: number): Promise<void> {
  for (let done = 0; done < count; done += 20) {
    const socket = connect(port, '127.0.0.1');
    for (const end of ['', 'Connection: close\r\n']) {
      const one = `GET /metrics HTTP/1.1\r\nHost: x\r\n`;
      socket.write(`${one}Accept-Encoding: gzip\r\n\r\n${one}\r\n`.repeat(4));
      socket.write(`${one}Accept-Encoding: gzip\r\n\r\n${one}${end}\r\n`);
    }
    const answer = (await buffer(socket)).toString('latin1');
    assert.equal(answer.match(/^HTTP\/1\.1 200/gm)?.length, 20);
  }
}

/** Returns the usage once no more than this many descriptors are open, or after a while. */
async function settled(usage: Exporter['usage'], descriptors: number): Promise<Usage> {
  let last = await usage();
  for (let turn = 0; turn < 50 && last.descriptors > descriptors; turn++) last = await usage();
  return usage();
}
