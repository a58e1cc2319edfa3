/**
 * Runs tests with other versions of Prometheus than the installed one: `npm run test:prometheus3 -- PATH...` the end-to-end tests,
 * `npm run test:receivers -- PATH...` those of receivers, `prometheus` and `victoria-metrics`, with the path of each binary.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, resolve } from 'node:path';

const [tests, ...paths] = process.argv.slice(2);
if (tests === undefined || paths.length === 0) {
  throw new Error('Usage: npm run test:prometheus3 -- PATH_OF_PROMETHEUS..., or npm run test:receivers -- PATH...');
}
const binaries = paths.map((path) => resolve(path));
for (const binary of binaries) {
  accessSync(binary, constants.X_OK);
  console.log(`--- ${binary}`);
  if (!passes(tests.replace('PROGRAM', basename(binary)), binary)) process.exitCode = 1;
}

/** Whether all tests pass with this binary, which is the first program of its name in their PATH. */
function passes(files: string, binary: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-prometheus-'));
  try {
    symlinkSync(binary, join(folder, basename(binary)));
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
    const { status } = spawnSync('npx', ['tsx', 'scripts/test.ts', files], { env, stdio: 'inherit' });
    return status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
