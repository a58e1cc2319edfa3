/** Inputs cannot send control characters to a terminal, and bytes for a pipe are not changed. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { paintFor } from '../../../src/cli/command/colors.ts';
import { runCli } from '../../../src/cli/run-cli.ts';
import { ParseError, parseText } from '../../../src/parse/index.ts';
import { folderOf, zeroprom } from '../zeroprom.ts';

/** Control characters of terminals and text direction, and invisible characters. */
const HOSTILE = [
  '\u001b[2J',
  '\u009b31m',
  '\u0007',
  '\r',
  '\u007f',
  '\u202e',
  '\u2066',
  '\ufeff',
  '\u00a0',
  '\u00ad',
  '\u2028',
];
const UNSAFE = /(?![ \n])[\p{C}\p{Z}]/u;

/** Like `zeroprom()`, but on a terminal without colors. */
async function onTerminal(args: readonly string[]): Promise<{ code: number; output: string }> {
  let output = '';
  const decoder = new TextDecoder();
  const code = await runCli(args, () => ({
    stdin: Readable.from([]),
    isTerminal: true,
    columns: 80,
    rows: 24,
    paint: paintFor(true, { NO_COLOR: '1' }),
    write: async (chunk) => {
      output += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    },
    progress: () => {},
    complain: (message) => {
      output += `${message}\n`;
    },
  }));
  return { code, output };
}

test('control characters of an input do not reach the terminal', async (t) => {
  for (const characters of HOSTILE) {
    const name = `n${characters}n`;
    const path = folderOf(t, {
      one: `# HELP "${name}" H${characters}H\n# TYPE "${name}" counter\n{"${name}",a="${characters}"} -1\n`,
      other: `# TYPE "${name}" gauge\n{"${name}",a="b${characters}"} 2\n`,
      broken: `{"${name}",a="${characters}"} ${characters}x\n`,
    });
    const commands = [
      ...['text', 'text-1.0.0', 'openmetrics', 'openmetrics-2', 'json'].map((to) => ['convert', '--escaping', 'allow-utf-8', '--to', to, path('one')]), // biome-ignore format: one line
      ['diff', path('one'), path('other')],
      ['diff', path('one'), path('broken')],
      ['convert', '--to', 'text', path('broken')],
      ['check', path('one'), path('broken'), path(`missing${characters}`)],
      ['check', '--format', 'github', path('one'), path('broken')],
      ['scrape', '--top', '3', path('one')],
      ['scrape', path('broken')],
      [`chek${characters}`],
    ];
    for (const args of commands) {
      const { output } = await onTerminal(args);
      assert.ok(
        output !== '' && !UNSAFE.test(output),
        `${args[0]} ${JSON.stringify(characters)}: ${JSON.stringify(output)}`,
      );
    }
  }
});

test('convert writes every byte into a pipe', async (t) => {
  for (const characters of HOSTILE) {
    const line = `a{b="${characters}"} 1\n`;
    const path = folderOf(t, { file: line });
    const { stdout } = await zeroprom(['convert', '--to', 'text', path('file')]);
    assert.equal(stdout, `# TYPE a untyped\n${line}`);
  }
});

test('protobuf is not written to a terminal', async (t) => {
  const path = folderOf(t, { file: 'a 1\n' });
  const { code, output } = await onTerminal(['convert', '--to', 'protobuf', path('file')]);
  assert.equal(code, 1);
  assert.match(output, /^protobuf is binary; redirect the output to a file or another program\. See /);
});

test('an error message escapes invisible characters', () => {
  const seen = ['\ufeffa 1\n', 'a\u00a01\n', 'a 1\r\n', '# TYPE a gauge\u2009\n', 'a{b="1"\u00ad} 1\n'].map(
    (document) => {
      try {
        parseText(document);
        return '';
      } catch (error) {
        return error instanceof ParseError ? error.message.replace(/.*, found/, '') : String(error);
      }
    },
  );
  assert.deepEqual(seen, [' "\\ufeffa 1".', ' "\\u00a01".', ' "1\\r".', ' " gauge\\u2009".', ' "\\u00ad} 1".']);
});
