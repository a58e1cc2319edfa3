/**
 * Builds the documentation site from `docs/` to `website/.vitepress/dist`: `npm run docs`. VitePress and the other packages of
 * the site have a lock file of their own, and are installed if necessary.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const WEBSITE = 'website';

if (!isInstalled()) run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
run(process.execPath, ['../node_modules/typescript-7/bin/tsc', '-p', '.']);
run(process.execPath, ['--import', 'tsx', 'scripts/build.ts']);

/** npm writes the versions that it has installed to `node_modules`. */
function isInstalled(): boolean {
  const installed = `${WEBSITE}/node_modules/.package-lock.json`;
  return existsSync(installed) && versionsIn(installed) === versionsIn(`${WEBSITE}/package-lock.json`);
}

/** Versions of the packages by path. Packages for other platforms are not installed. */
function versionsIn(lockFile: string): string {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));
  const entries = Object.entries<{ version: string; optional?: boolean }>(packages).filter(([path]) => path !== '');
  return JSON.stringify(entries.filter(([, { optional }]) => !optional).map(([path, { version }]) => [path, version]));
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { cwd: WEBSITE, stdio: 'inherit' });
}
