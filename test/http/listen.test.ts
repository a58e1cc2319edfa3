import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { UsageError } from '../../src/http/flags.ts';
import { listen, parseListenAddress, urlOf } from '../../src/http/listen.ts';

const addresses: readonly [text: string, address: object, url: string][] = [
  [':2112', { port: 2112 }, 'http://127.0.0.1:2112'],
  ['0.0.0.0:1', { host: '0.0.0.0', port: 1 }, 'http://127.0.0.1:1'],
  ['localhost:65535', { host: 'localhost', port: 65535 }, 'http://localhost:65535'],
  ['[::1]:9100', { host: '::1', port: 9100 }, 'http://[::1]:9100'],
  ['[::]:9100', { host: '::', port: 9100 }, 'http://[::1]:9100'],
];

for (const [text, address, url] of addresses) {
  test(`${text} is a listen address`, () => {
    assert.deepEqual(parseListenAddress(text), address);
    assert.equal(urlOf(parseListenAddress(text)), url);
  });
}

for (const text of ['', '2112', ':', ':65536', ':x', '::1:9100', 'http://x:1', ':2112 ', '[x]:1']) {
  test(`${JSON.stringify(text)} is no listen address`, () => {
    assert.throws(() => parseListenAddress(text), { name: 'RangeError', message: /is no listen address: write :2112/ });
  });
}

test('a taken port is told in one line, with what to do', async (t) => {
  const first = createServer();
  t.after(() => first.close());
  const { port } = await listen(first, { host: '127.0.0.1', port: 0 });
  await assert.rejects(
    listen(createServer(), { host: '127.0.0.1', port }),
    new UsageError(
      `cannot listen on 127.0.0.1:${port}: the address is in use; end the other process, or choose another with --web.listen-address`,
    ),
  );
});
