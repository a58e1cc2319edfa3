import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

test('the exporter serves its metrics, and stops on SIGTERM', async (t) => {
  const program = fileURLToPath(new URL('../src/exporter.js', import.meta.url));
  const exporter = spawn(process.execPath, [program, '--web.listen-address=127.0.0.1:0'], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  t.after(() => exporter.kill('SIGKILL'));
  const ended = once(exporter, 'exit');

  const url = await urlIn(exporter.stderr);
  const page = await (await fetch(url)).text();
  assert.match(page, /^my_up 1$/m);
  assert.match(page, /^my_filesystem_size_bytes\{path="\/"\} \d/m);
  assert.match(page, /^my_exporter_build_info\{/m);

  exporter.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
});

/** The URL of the metrics, from the log. */
async function urlIn(log: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of log) {
    text += chunk;
    const [, url] = /msg=Listening\. url=(\S+)/.exec(text) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`The exporter has ended:\n${text}`);
}
