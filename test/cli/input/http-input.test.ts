/** Responses of servers are read completely or rejected. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { serve } from '../../http/serve.ts';
import { folderOf, zeroprom } from '../zeroprom.ts';

const DOCUMENT = Buffer.from(
  Array.from({ length: 500 }, (_, index) => `a{b="${index}",c="${index * index}"} ${index}\n`).join(''),
);

/** Starts a server that sends the given bytes for every request and then closes the connection. */
async function serveBytes(t: TestContext, ...parts: (string | Uint8Array)[]): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {}).once('data', () => socket.end(Buffer.concat(parts.map((part) => Buffer.from(part)))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

const head = (...lines: string[]) =>
  `${['HTTP/1.1 200 OK', 'Content-Type: text/plain', ...lines].join('\r\n')}\r\n\r\n`;
const chunk = (bytes: Uint8Array) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

/** Framings of a response body. */
const FRAMINGS: readonly (readonly [string, (coding: string, body: Uint8Array) => (string | Uint8Array)[]])[] = [
  ['up to the end of the connection', (coding, body) => [head(`Content-Encoding: ${coding}`), body]],
  ['with a length', (coding, body) => [head(`Content-Encoding: ${coding}`, `Content-Length: ${body.length}`), body]],
  [
    'in chunks',
    (coding, body) => [head(`Content-Encoding: ${coding}`, 'Transfer-Encoding: chunked'), chunk(body), '0\r\n\r\n'],
  ],
];

const CODINGS: readonly (readonly [string, Buffer])[] = [
  ['gzip', gzipSync(DOCUMENT)],
  ['x-gzip', gzipSync(DOCUMENT)],
  ['GZIP', Buffer.concat([gzipSync(DOCUMENT.subarray(0, 7)), gzipSync(DOCUMENT.subarray(7))])],
  ['deflate', deflateSync(DOCUMENT)],
  ['deflate', deflateRawSync(DOCUMENT)],
  ['br', brotliCompressSync(DOCUMENT)],
  ['identity', DOCUMENT],
];

async function converted(url: string) {
  return zeroprom(['convert', '--to', 'json', url]);
}

for (const [framing, response] of FRAMINGS) {
  test(`a response ${framing} is read in every content coding`, async (t) => {
    for (const [coding, body] of CODINGS) {
      const { code, stdout, stderr } = await converted(await serveBytes(t, ...response(coding, body)));
      assert.deepEqual([code, stderr, JSON.parse(stdout)[0].points.length], [0, '', 500], coding);
    }
  });

  test(`truncated compressed data ${framing} are rejected`, async (t) => {
    for (const [coding, body] of CODINGS.slice(0, -1)) {
      for (const length of [
        0,
        1,
        5,
        body.length >> 1,
        body.length - 9,
        body.length - 8,
        body.length - 4,
        body.length - 1,
      ]) {
        const { code, stdout, stderr } = await converted(
          await serveBytes(t, ...response(coding, body.subarray(0, length))),
        );
        assert.deepEqual([code, stdout], [1, ''], `${length} of ${body.length} bytes of ${coding}`);
        assert.match(
          stderr,
          /^zeroprom convert: http:\S+ cannot be read: the (gzip|deflate|brotli) data are (truncated|damaged).*\.\n$/,
        );
      }
    }
  });

  test(`compressed data ${framing} that are followed by other data are rejected`, async (t) => {
    for (const [coding, body] of CODINGS.slice(0, -1)) {
      for (const more of ['x', '\0', '\0\0a 1\n', 'a 2\n', '\u001f']) {
        const { code, stdout } = await converted(
          await serveBytes(t, ...response(coding, Buffer.concat([body, Buffer.from(more)]))),
        );
        assert.deepEqual([code, stdout], [1, ''], `${JSON.stringify(more)} behind ${coding}`);
      }
    }
  });
}

test('a body that ends before its length or its last chunk is rejected', async (t) => {
  const longer = `Content-Length: ${DOCUMENT.length + 1}`;
  const responses: readonly (string | Uint8Array)[][] = [
    [head(longer), DOCUMENT],
    [head(longer), ''],
    [head(longer, 'Content-Encoding: gzip'), gzipSync(DOCUMENT)],
    [head('Transfer-Encoding: chunked'), chunk(DOCUMENT)],
    [head('Transfer-Encoding: chunked'), chunk(DOCUMENT).subarray(0, -100)],
    [head('Transfer-Encoding: chunked'), chunk(DOCUMENT), '0\r\n'],
    [head('Transfer-Encoding: chunked'), ''],
    [head('Transfer-Encoding: chunked', 'Content-Encoding: gzip'), chunk(gzipSync(DOCUMENT))],
  ];
  for (const response of responses) {
    const { code, stdout, stderr } = await converted(await serveBytes(t, ...response));
    assert.deepEqual([code, stdout], [1, ''], String(response[0]));
    assert.match(stderr, /cannot be read: the connection was closed before its end\.\n$/);
  }
});

test('a file is rejected for the same reasons', async (t) => {
  const whole = gzipSync(DOCUMENT);
  const files = {
    truncated: whole.subarray(0, -1),
    followed: Buffer.concat([whole, Buffer.from('\0')]),
    half: whole.subarray(0, 99),
  };
  const path = folderOf(t, files);
  for (const name of Object.keys(files)) {
    const { code, stdout, stderr } = await converted(path(name));
    assert.deepEqual([code, stdout], [1, ''], name);
    assert.match(stderr, /cannot be read: (the gzip data are truncated|the gzip data are followed by other data)\.\n$/);
  }
});

test('an unsupported or nested content coding is rejected', async (t) => {
  for (const coding of ['zstd', 'gzip, gzip', 'compress', 'gzip,identity']) {
    const { code, stdout, stderr } = await converted(
      await serveBytes(t, head(`Content-Encoding: ${coding}`), gzipSync(DOCUMENT)),
    );
    assert.deepEqual([code, stdout], [1, ''], coding);
    assert.match(stderr, /: content coding ".*" is not supported\.\n$/);
  }
});

test('redirects are followed, without credentials to another server', async (t) => {
  const seen: (string | undefined)[] = [];
  const other = await serve(t, ({ headers }, response) => {
    seen.push(headers.authorization, headers['x-key'] as string | undefined);
    response.setHeader('content-type', 'text/plain').end('a 1\n');
  });
  const url = await serve(t, ({ url, headers }, response) => {
    seen.push(headers.authorization, headers['x-key'] as string | undefined);
    response.writeHead(302, { location: url === '/first' ? '/second' : `${other}/third` }).end();
  });
  const { code } = await zeroprom(['scrape', '--user', 'me:secret', '--header', 'X-Key: secret', `${url}/first`]);
  const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  assert.deepEqual([code, seen], [0, [basic, 'secret', basic, 'secret', undefined, undefined]]);
});

test('endless redirects and redirects to other protocols are rejected', async (t) => {
  for (const location of ['/', 'file:///etc/passwd', 'http://']) {
    const url = await serve(t, (_, response) => void response.writeHead(307, { location }).end());
    const { code, stderr } = await zeroprom(['check', url]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /cannot be read: (more than 10 redirects|redirected to something that is not an HTTP URL)\.\n$/,
    );
  }
});

test('an endless response times out, also within compressed data', async (t) => {
  const url = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
    response.write(gzipSync(DOCUMENT).subarray(0, 100));
  });
  const { code, stderr } = await zeroprom(['check', '--timeout', '200ms', url]);
  assert.equal(code, 1);
  assert.match(stderr, /did not respond within 200ms; raise the limit with --timeout\.\n$/);
});
