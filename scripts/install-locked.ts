import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Installs the packages of the lock file in `sources` in an empty folder, unless they are installed there already. */
export function installLocked(sources: string, folder: string): void {
  if (isInstalled(sources, folder)) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(sources, name), join(folder, name));
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', args, { cwd: folder, stdio: 'inherit' });
}

/** npm writes a file to `node_modules` when it has installed everything. */
function isInstalled(sources: string, folder: string): boolean {
  if (!existsSync(join(folder, 'node_modules/.package-lock.json'))) return false;
  const lockIn = (path: string) => readFileSync(join(path, 'package-lock.json'), 'utf8');
  return lockIn(folder) === lockIn(sources);
}
