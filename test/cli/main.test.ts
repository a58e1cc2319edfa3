import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf, shell, zeroprom } from './zeroprom.ts';

test('without arguments, it shows the commands', async () => {
  const { code, stdout } = await zeroprom([]);
  assert.equal(code, 0);
  for (const command of ['check', 'scrape', 'convert', 'diff']) assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
});

for (const command of ['check', 'scrape', 'convert', 'diff']) {
  test(`${command} --help shows flags and exit codes`, async () => {
    const { code, stdout } = await zeroprom([command, '--unknown', '--help']);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^usage: zeroprom ${command} [^]+Flags:\n[^]+--timeout[^]+Exit codes:\n  0  `));
    assert.ok(
      stdout.split('\n').every((line) => line.length <= 100),
      'lines fit a terminal',
    );
  });
}

test('an unknown command, flag or value is rejected in one line, with a suggestion', async () => {
  const refusals: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['chek'], 1, /^zeroprom: unknown command "chek"; did you mean check\?\n$/],
    [['check', '--fromat', 'json'], 1, /^zeroprom check: unknown flag --fromat; did you mean --format\? See .*\n$/],
    [
      ['check', '--format', 'xml'],
      1,
      /^zeroprom check: --format: must be one of text, json, github, got "xml"\. See .*\n$/,
    ],
    [['check', '--format'], 1, /^zeroprom check: --format needs a value: --format=FORMAT\. See .*\n$/],
    [
      ['diff', '--ignore-values=yes', 'a', 'b'],
      2,
      /^zeroprom diff: --ignore-values: must be true or false, got "yes"\. See .*\n$/,
    ],
    [['diff', 'a'], 2, /^zeroprom diff: two inputs are required, A and B\. See .*\n$/],
    [['convert'], 1, /^zeroprom convert: --to is missing; use one of text, .*\n$/],
    [
      ['scrape', '--top', '0', 'a'],
      1,
      /^zeroprom scrape: --top: must be a whole number of at least 1, got "0"\. See .*\n$/,
    ],
    [
      ['scrape', '--header', 'nothing', 'a'],
      1,
      /^zeroprom scrape: --header: must be written as "Name: value", got "nothing"\. .*\n$/,
    ],
    [
      ['scrape', '--max-size', '1 stone', 'a'],
      1,
      /^zeroprom scrape: --max-size: must be a size such as 1000, 64MB or 256MiB, got "1 stone"\. .*\n$/,
    ],
  ];
  for (const [args, code, message] of refusals) {
    const ended = await zeroprom(args);
    assert.deepEqual([ended.code, ended.stdout], [code, ''], args.join(' '));
    assert.match(ended.stderr, message);
  }
});

test('it exits silently when the reader of its output has exited', async (t) => {
  const path = folderOf(t, { file: Array.from({ length: 50_000 }, (_, index) => `a${index} 1\n`).join('') });
  const { stdout, stderr } = await shell(t, `zeroprom check '${path('file')}' | head -1; echo "\${PIPESTATUS[0]}"`);
  assert.match(stdout, /^.*file:1:1: help: .*\n141\n$/);
  assert.equal(stderr, '');
});
