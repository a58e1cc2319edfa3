import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { type ProbeModule, probeHandler } from '../../src/http.ts';
import { Gauge } from '../../src/index.ts';
import { Gate } from './gated-collector.ts';
import { rawGet } from './raw.ts';
import { serve } from './serve.ts';

const MOST_BYTES = 1_000_000;

/** A module that probes HTTP servers as the documentation recommends: with the signal, a size limit and no redirects. */
const http: ProbeModule = {
  probe: async ({ target, registry, signal }) => {
    const response = await fetch(target, { signal, redirect: 'manual' });
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw new Error('The body is too long.');
    }
    new Gauge({ name: 'probe_http_bytes', help: 'Bytes of the body.', registry }).set(bytes);
    return response.ok;
  },
};
/** Long enough to reach the target on a busy machine: most tests wait for its connection to end. */
const IN_TIME = { 'X-Prometheus-Scrape-Timeout-Seconds': '2' };

async function probing(t: TestContext, isAllowed?: (target: string) => boolean): Promise<(target: string) => string> {
  const modules = { http };
  const url = await serve(t, probeHandler({ modules, defaultModule: 'http', ...(isAllowed && { isAllowed }) }));
  return (target) => `${url}?target=${encodeURIComponent(target)}`;
}

/** An HTTP target, and a promise that resolves when its first connection has ended. */
async function target(t: TestContext, listener: RequestListener) {
  const ended = new Gate();
  const url = await serve(t, (request, response) => {
    request.socket.once('close', ended.open);
    listener(request, response);
  });
  return { url, ended: ended.promise };
}

/** Sends forever, as fast as the client reads. */
function endless(_: IncomingMessage, response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(1000)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

suite('a target of a probe cannot harm the exporter', { concurrency: true }, () => {
  for (const [what, listener] of [
    ['never answers', () => {}],
    ['sends a body without end', endless],
    ['sends a byte now and then', (_, response) => void setInterval(() => response.write('x'), 50).unref()],
  ] as const satisfies readonly (readonly [string, RequestListener])[]) {
    test(`one that ${what} is abandoned, at the limit or when the time is up`, async (t) => {
      const probeOf = await probing(t);
      const { url, ended } = await target(t, listener);
      const { status, body } = await rawGet(probeOf(url), IN_TIME);
      assert.equal(status, 200);
      assert.match(body, /^probe_success 0$/m);
      await ended;
    });
  }

  test('one that sends headers forever is abandoned', async (t) => {
    const probeOf = await probing(t);
    const closed = new Gate();
    const server = createTcpServer((socket: Socket) => {
      socket.on('error', () => {}).once('close', closed.open);
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('X-A: b\r\n'.repeat(100)), 10);
      socket.once('close', () => clearInterval(timer));
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number }; // A server that listens on a port has such an address.
    assert.match((await rawGet(probeOf(`http://127.0.0.1:${port}`), IN_TIME)).body, /^probe_success 0$/m);
    await closed.promise;
  });

  test('redirects are not followed', async (t) => {
    const probeOf = await probing(t);
    const elsewhere = createServer(() => assert.fail('It was followed.')).listen(0, '127.0.0.1');
    t.after(() => elsewhere.close());
    await new Promise((resolve) => elsewhere.once('listening', resolve));
    const { port } = elsewhere.address() as { port: number }; // A server that listens on a port has such an address.
    const { url } = await target(t, (_, response) => {
      response.writeHead(302, { Location: `http://127.0.0.1:${port}/latest/meta-data` }).end();
    });
    assert.match((await rawGet(probeOf(url), IN_TIME)).body, /^probe_success 0$/m);
  });

  for (const [what, address] of [
    ['the metadata service of a cloud', 'http://169.254.169.254/latest/meta-data'],
    ['a file', 'file:///etc/passwd'],
    ['a name that only begins as one that is allowed', 'http://allowed.example.evil.example/'],
    ['an address with a user that looks like a host', 'http://allowed.example@169.254.169.254/'],
  ] as const) {
    test(`${what} is not probed if only certain hosts are allowed`, async (t) => {
      const isAllowed = (text: string) =>
        URL.canParse(text) && new URL(text).protocol === 'http:' && new URL(text).host === 'allowed.example';
      const { status, body } = await rawGet((await probing(t, isAllowed))(address), IN_TIME);
      assert.deepEqual([status, body], [400, 'This target must not be probed.\n']);
    });
  }

  test('an invalid address fails, and nothing of it is exposed', async (t) => {
    const { status, body } = await rawGet((await probing(t))('file:///etc/passwd'), IN_TIME);
    assert.equal(status, 200);
    assert.match(body, /^probe_success 0$/m);
    assert.ok(!body.includes('root'), body);
  });
});
