import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const page = readFileSync('docs/client-library-guidelines.md', 'utf8');
const rows = [...page.matchAll(/^\| (\d+\.\d+) \| .+ \| (.+) \|$/gm)].map(([, number = '', proof = '']) => {
  const [, file = '', title = ''] = /^\[(.+?)\]\(.+?\)(?:: (.+))?$/.exec(proof) ?? [];
  return { number, proof, file, title };
});

test('the page lists all that the guidelines ask for, each with what proves it', () => {
  assert.equal(rows.length, 65);
  assert.equal(new Set(rows.map(({ number }) => number)).size, 65);
  const unproven = rows.filter(({ title }) => title === '').map(({ number, proof }) => `${number} ${proof}`);
  assert.deepEqual(unproven, [
    '9.3 this page',
    '15.2 [bench/hot-path.bench.ts](../bench/hot-path.bench.ts)',
    '15.3 [bench/hot-path.bench.ts](../bench/hot-path.bench.ts)',
  ]);
});

for (const { number, file, title } of rows.filter((row) => row.title !== '')) {
  test(`what is said to prove ${number} is a test: ${title}`, () => {
    const source = readFileSync(file, 'utf8');
    const isThere = ["'", '"', '`'].some((quote) => source.includes(`test(${quote}${title}${quote}`));
    assert.ok(isThere, `${file} has no such test`);
  });
}
