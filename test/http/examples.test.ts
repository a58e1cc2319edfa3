/** The examples, each run as a program of its own that imports the package by its name. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import { start } from '../child.ts';
import { freePort } from '../free-port.ts';
import { rawGet } from './raw.ts';

/** By it the package's name leads to its sources. */
const SOURCES = { TSX_TSCONFIG_PATH: 'examples/tsconfig.json' };
const names = readdirSync('examples').filter((name) => name.endsWith('.ts') && name !== 'fetch.ts');

suite('examples', { concurrency: 3 }, () => {
  for (const name of names) {
    test(`${name} greets, and counts greetings`, async (t) => {
      const port = await freePort();
      const program = start(t, process.execPath, ['--import', 'tsx', `examples/${name}`], {
        ...SOURCES,
        PORT: String(port),
      });
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

test('fetch.ts greets, and counts greetings', async () => {
  const code = `import('./examples/fetch.ts').then(async ({ default: { fetch } }) => {
    await fetch(new Request('http://x/'));
    console.log(await (await fetch(new Request('http://x/metrics'))).text());
  });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...SOURCES },
  });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  assert.match(text, /^hello_requests_total 1$/m);
});

/** Once the program listens. */
async function answerOf(url: string, ended: Promise<unknown>): ReturnType<typeof rawGet> {
  let isRunning = true;
  void ended.then(() => {
    isRunning = false;
  });
  while (isRunning) {
    try {
      return await rawGet(url);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50)); // Another program, which tells of nothing.
    }
  }
  throw new Error('The program ended before it listened.');
}
