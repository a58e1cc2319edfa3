/** Runs each example as a program that imports the package by its name. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { start } from './child.ts';
import { freePort } from './free-port.ts';
import { rawGet } from './http/raw.ts';

const FOLDER = join(import.meta.dirname, '../examples');
const names = readdirSync('examples').filter((name) => name.endsWith('.ts') && name !== 'fetch.ts');

suite('examples', { concurrency: 3 }, () => {
  for (const name of names) {
    test(`${name} sends a greeting, and counts it`, async (t) => {
      const port = await freePort();
      const program = start(t, process.execPath, [join(FOLDER, name.replace('.ts', '.js'))], { PORT: String(port) });
      const url = `http://127.0.0.1:${port}`;
      assert.equal((await answerOf(url, program.ended)).body, 'hello');
      for (const [Accept, type] of [
        ['*/*', /^text\/plain; version=0\.0\.4/],
        ['application/openmetrics-text', /^application\/openmetrics-text/],
      ] as const) {
        const { status, headers, body } = await rawGet(`${url}/metrics`, { Accept });
        assert.equal(status, 200);
        assert.match(String(headers['content-type']), type);
        assert.match(body, /^hello_requests_total 1(\.0)?$/m);
      }
      assert.equal((await rawGet(`${url}/metrics?name[]=none`)).body, '');
    });
  }
});

test('fetch.ts sends a greeting, and counts it', async () => {
  const code = `import('./fetch.js').then(async ({ default: { fetch } }) => {
    await fetch(new Request('http://x/'));
    console.log(await (await fetch(new Request('http://x/metrics'))).text());
  });`;
  const child = spawn(process.execPath, ['-e', code], { cwd: FOLDER, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  assert.match(text, /^hello_requests_total 1$/m);
});

/** Requests a page as soon as the program listens. */
async function answerOf(url: string, ended: Promise<unknown>): ReturnType<typeof rawGet> {
  let isRunning = true;
  void ended.then(() => {
    isRunning = false;
  });
  while (isRunning) {
    try {
      return await rawGet(url);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50)); // The programs print nothing when they listen.
    }
  }
  throw new Error('The program ended before it listened.');
}
