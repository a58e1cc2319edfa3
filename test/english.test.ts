/** The sources, tests, benchmarks, scripts, examples and the documentation are written in the plain English of the Prometheus documentation. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

/** Idioms to avoid, and what to write. */
const idioms: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?<!\bthere )(?:is|are|was|were|be) no (?!longer\b|more\b|later\b|less\b|greater\b)[a-z]+/i,
    '"is not a ...", "there is no ..." or "Invalid ..."',
  ],
  [/\bthat (?:is|are) none\b/i, 'an adjective: "unknown", "invalid", "malformed"'],
  [/\bas good as none\b/i, '"as if it were missing"'],
  [/\b(?:nobody|somebody|whoever|whomever|whosever)\b/i, 'the actor: the client, the caller, the user'],
  [/\b(?:(?:does|do|did|needs) not (?:to|be)|need not to)\b/i, '"need not be", "does not have to be"'],
  [/(?:\/\*\*|\/\/) (?:What|Who|Those|Whoever|Whatever|Of|By who)\b/, 'the thing itself or a verb'],
  [/\bneeds not\b/i, '"does not need"'],
  [/\bthere (?:is|are) (?:that|what)\b/i, 'the thing itself'],
  [/\b(?:such|ones?) that there (?:is|are)(?: not)?\b/i, '"existing", "missing"'],
  [/\bthat there (?:is|are) not\b/i, '"missing", "unknown"'],
  [/\bfinds? fault\b/i, '"reports a problem"'],
  [/\bhas to say\b/i, '"must say"'],
  [/\b(?:from|to|of) who\b(?!m)/i, 'the actor: the client, the caller, the user'],
  [/\bwhat it is (?:said|told) to\b/i, 'a noun'],
  [/\bis told from\b|\bare told from\b/i, '"is distinguished from"'],
  [/\bwhat there (?:is|are)\b/i, 'a noun'],
  [/\bNothing is to be\b/i, 'the actor and what it does'],
  [/\bunder way\b/i, '"in flight", "in progress", "running"'],
];

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'RELEASE.md',
  'packages/prom-client/README.md',
  'packages/prometheus-io-client/README.md',
  ...filesIn('docs', '.md'),
];
const sources = ['src', 'test', 'bench', 'scripts', 'examples']
  .flatMap((folder) => filesIn(folder, '.ts'))
  .filter((file) => file !== 'test/english.test.ts'); // It contains the idioms.
const files = [...documents, ...sources];

for (const file of files) {
  test(`${file} has no awkward idioms`, () => {
    const lines = withCommentStarts(readFileSync(file, 'utf8')).split('\n');
    const hits = lines.flatMap((line, index) =>
      idioms
        .filter(([pattern]) => isProse(file, line) && pattern.test(line))
        .map(([pattern, better]) => `${file}:${index + 1}: ${pattern.exec(line)?.[0]}: write ${better}`),
    );
    assert.deepEqual(hits, []);
  });
}

/** Marks the first line of text in a doc comment of several lines as its start. */
function withCommentStarts(text: string): string {
  return text.replaceAll(/\/\*\*\n( *)\* /g, '\n$1/** ');
}

/** Comments and texts; in Markdown, every line. */
function isProse(file: string, line: string): boolean {
  return file.endsWith('.md') || /\/\/|\/\*\*|^\s*\*|['"`]/.test(line);
}

function filesIn(folder: string, ending: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}
