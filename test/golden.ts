/** Compares output with golden files. `UPDATE_GOLDEN=1` writes them. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

export function assertGolden(name: string, actual: string): void {
  const file = `test/golden/${name}`;
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, actual);
  assert.equal(actual, readFileSync(file, 'utf8'));
}
