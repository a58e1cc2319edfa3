import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Returns the folder with `node` of a major version, such as `20`, and installs it from npm on the first call. */
export function nodeLine(line: string): string {
  const folder = resolve('node_modules/.cache/nodes', line);
  const bin = join(folder, 'node_modules/node/bin');
  if (existsSync(join(bin, 'node'))) return bin;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', `node@${line}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0 || !existsSync(join(bin, 'node')))
    throw new Error(`Node ${line} could not be installed:\n${stderr}`);
  return bin;
}
