/**
 * Runs the end-to-end tests with other versions of Prometheus than the installed one:
 * `npm run test:prometheus3 -- PATH...`, with the path of each binary.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

const binaries = process.argv.slice(2).map((path) => resolve(path));
if (binaries.length === 0) throw new Error('Usage: npm run test:prometheus3 -- PATH_OF_PROMETHEUS...');
for (const binary of binaries) {
  accessSync(binary, constants.X_OK);
  console.log(`--- ${binary}`);
  if (!passes(binary)) process.exitCode = 1;
}

/** Whether all tests pass with this binary, which is the first `prometheus` in their PATH. */
function passes(binary: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-prometheus-'));
  try {
    symlinkSync(binary, join(folder, 'prometheus'));
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
    const { status } = spawnSync('npx', ['tsx', 'scripts/test.ts', 'test/e2e'], { env, stdio: 'inherit' });
    return status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
