import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { tokensOf } from '../../../src/cli/migrate/tokens.ts';
import { assertCpuTime } from '../../cpu-time.ts';
import { sized } from '../../long.ts';

/** In sources, § stands for $, because linters report $ before a brace. */
function shown(source: string): string[] {
  return tokensOf(source.replaceAll('§', '$')).map(({ kind, text }) =>
    kind === 'name' || kind === 'punctuator' ? text : `${kind}:${text}`,
  );
}

const cases: readonly (readonly [source: string, tokens: readonly string[]])[] = [
  ['a // b\nc /* d \n */ e', ['a', 'c', 'e']],
  ['/* never ends', []],
  ['#!/usr/bin/env node "x"\na', ['a']],
  [`'a\\'b' "c'd"`, ["string:a\\'b", "string:c'd"]],
  [`'ends with the line\na`, ['string:ends with the line', 'a']],
  ["'continued \\\n here' a", ['string:continued \\\n here', 'a']],
  ['`a`', ['template:a']],
  ['`a§{b + `c§{d}`}e` f', ['template:a', 'b', '+', 'template:c', 'd', 'template:', 'template:e', 'f']],
  ['`§{{ a: { b: 1 } }}` c', ['template:', '{', 'a', ':', '{', 'b', ':', 'number:1', '}', '}', 'template:', 'c']],
  ['`\\`§{a}` b', ['template:\\`', 'a', 'template:', 'b']],
  ['`\\§{a} $b` c', ['template:\\§{a} $b', 'c']],
  ['`never ends §{a', ['template:never ends ', 'a']],
  ['a = /"[/"]\\/"/g; b', ['a', '=', 'regex:/"[/"]\\/"/', 'g', ';', 'b']],
  ['a / b / c', ['a', '/', 'b', '/', 'c']],
  ['(a) / b / c', ['(', 'a', ')', '/', 'b', '/', 'c']],
  ['if (a) /"/.test(b)', ['if', '(', 'a', ')', 'regex:/"/', '.', 'test', '(', 'b', ')']],
  ['a[0] / b / c', ['a', '[', 'number:0', ']', '/', 'b', '/', 'c']],
  ['return /"/', ['return', 'regex:/"/']],
  ['i++ / 2 / "a"', ['i', '++', '/', 'number:2', '/', 'string:a']],
  ['1 / 2 + "/" ', ['number:1', '/', 'number:2', '+', 'string:/']],
  ['<a></a>; "b"', ['<', 'a', '>', '<', '/', 'a', '>', ';', 'string:b']],
  ['a?.b ? .5 : c', ['a', '?.', 'b', '?', 'number:.5', ':', 'c']],
  ['a => ...b', ['a', '=>', '...', 'b']],
  ['#private ünïcode $_', ['#private', 'ünïcode', '$_']],
  ['0x1F 1_000n 1e5 .5', ['number:0x1F', 'number:1_000n', 'number:1e5', 'number:.5']],
  ['😀 a', ['😀', 'a']],
];

for (const [source, tokens] of cases) {
  test(`${JSON.stringify(source)} becomes ${tokens.length} tokens`, () =>
    assert.deepEqual(shown(source).join(), tokens.join().replaceAll('§', '$')));
}

test('offsets are those of the first characters, quotes included', () => {
  const source = `a 'b' \`c\${d}e\`, /f/`;
  const found = tokensOf(`x = ${source}`).map(({ offset }) => offset - 4);
  assert.deepEqual(found, [-4, -2, 0, 2, 6, 10, 11, 14, 16]);
});

test('installed packages are split as TypeScript splits them', () => {
  let files = 0;
  for (const file of [
    'express-prom-bundle',
    'fastify-metrics',
    'prom-client',
    '@prometheus-io/client',
    'koa',
    'yaml',
  ].flatMap(sourcesOf)) {
    const source = readFileSync(file, 'utf8');
    const found = new Set(
      tokensOf(source).map(({ kind, text, offset }) => `${offset}:${kind === 'string' ? 'string' : text}`),
    );
    const missing = namesAndStrings(file, source).filter((token) => !found.has(token));
    assert.deepEqual(missing, [], file);
    files++;
  }
  assert.ok(files > 150, `${files} files`);
});

function sourcesOf(name: string): string[] {
  const folder = dirname(join('node_modules', name, 'package.json'));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && statSync(file).isFile());
}

function namesAndStrings(file: string, source: string): string[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const tokens: string[] = [];
  const visit = (node: ts.Node): void => {
    const start = node.getStart(tree);
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) tokens.push(`${start}:${source.slice(start, node.end)}`);
    if (ts.isStringLiteral(node)) tokens.push(`${start}:string`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return tokens;
}

const COUNT = sized(50_000, 200_000);
/** Quadratic time would take minutes. */
const LIMIT_MS = 5_000;

test('hostile texts are split in linear time', () => {
  const texts = ['/', '`', '`${', '/[', '"', '(', '{', '\\', '/a', '</', "'\\", '/*', '//', '}', 'if(', ')/'];
  for (const text of texts) {
    for (const prefix of ['', '=', 'a=`${']) {
      const source = prefix + text.repeat(COUNT);
      assertCpuTime(LIMIT_MS, () => {
        for (const token of tokensOf(source)) assert.ok(token.offset < source.length);
      });
    }
  }
});
