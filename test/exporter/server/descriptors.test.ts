import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { start } from '../../child.ts';
import { rawGet } from '../../http/raw.ts';
import { EXPORTER } from '../programs/exporter-program.ts';

/** Until the sockets that were closed are noticed, the exporter closes each new connection without an answer. */
async function answerOnceThereAreDescriptors(url: string) {
  for (;;) {
    try {
      return await rawGet(url);
    } catch (error) {
      assert.equal(Reflect.get(Object(error), 'code'), 'ECONNRESET');
    }
    await turn();
  }
}

test('an exporter that ran out of descriptors serves again once there are some', { timeout: 30_000 }, async (t) => {
  const args = ['--nofile=48:48', process.execPath, ...EXPORTER, '--web.listen-address=127.0.0.1:0'];
  // The built program, even for coverage: the sources are more files than the limit.
  const child = start(t, 'prlimit', args, { NODE_V8_COVERAGE: undefined });
  const url = await child.metricsUrl();
  const sockets = Array.from({ length: 100 }, () =>
    connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {}),
  );
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) socket.write('GET /metrics HTTP/1.1\r\n');
  for (const socket of sockets) socket.destroy();
  assert.equal((await answerOnceThereAreDescriptors(url)).status, 200);
  assert.equal(child.process.exitCode, null);
});
