/** A password in a URL is used but never shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../../http/serve.ts';
import { folderOf, zeroprom } from '../zeroprom.ts';

const UNTIDY = '# TYPE jobs_total counter\njobs_total 1\njobs_total 1\n';

/** Contains a name and a password. */
function withCredentials(url: string): string {
  return url.replace('//', '//user:s3cret@');
}

function assertHidden(output: string, what: string): void {
  assert.ok(!/s3cret|dXNlcj/.test(output), `${what}: ${output}`);
}

test('commands do not show passwords, whether they succeed or fail', async (t) => {
  const path = folderOf(t, { file: 'a 1\n' });
  const url = await serve(t, (request, response) => {
    assert.equal(request.headers.authorization, `Basic ${Buffer.from('user:s3cret').toString('base64')}`);
    response.statusCode = request.url === '/404' ? 404 : 200;
    if (request.url === '/reset') request.socket.destroy();
    else if (request.url === '/html') response.setHeader('content-type', 'text/html').end('<p>');
    else if (request.url === '/hang') response.setHeader('content-type', 'text/plain').write('a 1\n');
    else response.setHeader('content-type', 'text/plain').end(request.url === '/broken' ? 'a b\n' : UNTIDY);
  });
  for (const page of ['metrics', '404', 'html', 'reset', 'hang', 'broken']) {
    const input = `${withCredentials(url)}/${page}`;
    for (const args of [
      ['check', input],
      ['check', '--format', 'json', input],
      ['check', '--format', 'github', input],
      ['check', '--max-size', '3', input],
      ['scrape', input],
      ['scrape', '--watch=1ms', '--count=2', input],
      ['convert', '--to', 'json', input],
      ['diff', input, path('file')],
    ]) {
      const { stdout, stderr } = await zeroprom([...args, '--timeout', '100ms']);
      assertHidden(stdout + stderr, args.join(' '));
      const isNamed = args[0] !== 'convert' && args[0] !== 'diff';
      if (isNamed) assert.match(stdout + stderr, /http(:|%3A)\/\/\*\*\*@127/);
    }
  }
});

test('a password in an invalid URL or in the wrong place is not shown', async () => {
  const inputs = [
    'http://user:s3cret@127.0.0.1:1/metrics',
    'http://user:s3cret%@127.0.0.1:1/metrics',
    'HTTP://s3cret@127.0.0.1:1/',
    'http:///user:s3cret@127.0.0.1:1/',
    'http://user:s3cret@127.0.0.1:99999/',
    'http://user:s3/cret@s3cret@127.0.0.1:1/',
    'http://user:s3cret@[::1/',
    'https://user:s3cret@',
    'user:s3cret@127.0.0.1:1',
    'ftp://user:s3cret@example/metrics',
  ];
  for (const input of inputs) {
    for (const command of ['check', 'scrape']) {
      const { code, stdout, stderr } = await zeroprom([command, input]);
      assert.equal(code, 1, input);
      assertHidden(stdout + stderr, input);
    }
    assertHidden((await zeroprom([input])).stderr, input);
  }
});

test('the value of an invalid header is not shown', async () => {
  for (const header of ['Authorization Bearer s3cret', 'Authorization: Bearer s3cret\u2026', 'A: s3cret\n']) {
    const { code, stderr } = await zeroprom(['check', '--header', header, 'http://127.0.0.1:1/']);
    assert.deepEqual([code, /must be written as "Name: value", got "(Authorization|A)"/.test(stderr)], [1, true]);
    assertHidden(stderr, header);
  }
});

test('a token that is invalid in a header is an error and not shown', async () => {
  const { code, stderr } = await zeroprom(['check', '--bearer-token', 's3cret\nX', 'http://127.0.0.1:1/']);
  assert.equal(code, 1);
  assert.match(stderr, /Invalid character in header content \["authorization"\]/);
  assertHidden(stderr, 'token');
});
