/** The table of allowed imports in docs/architecture.md is the one that `npm run check` enforces. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { layers } from '../scripts/layers.ts';

test('the documentation shows the allowed imports of each folder', () => {
  assert.deepEqual(documented(), layers);
});

test('each folder has a row in the table', () => {
  const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(folders.map(({ name }) => name).sort(), Object.keys(layers).sort());
});

function documented(): Record<string, string[]> {
  const rows = readFileSync('docs/architecture.md', 'utf8').matchAll(/^\| `([\w-]+)` \| [^|]+ \| ([^|]*)\|$/gm);
  return Object.fromEntries(
    [...rows].map(([, folder = '', imports = '']) => [
      folder,
      [...imports.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name),
    ]),
  );
}
