/** Runs the test files under the given folders or files; Node 20's own runner finds no TypeScript by itself. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('--'));
const roots = args.filter((arg) => !arg.startsWith('--'));
const excluded = flags.filter((flag) => flag.startsWith('--exclude=')).map((flag) => flag.slice('--exclude='.length));
const nodeFlags = flags.filter((flag) => !flag.startsWith('--exclude='));

const files = (roots.length > 0 ? roots : ['test'])
  .flatMap(testFiles)
  .filter((file) => !excluded.some((folder) => file.startsWith(folder)))
  .sort();
if (files.length === 0) throw new Error(`No test files under ${roots.join(', ') || 'test'}.`);

const result = spawnSync(process.execPath, ['--import', 'tsx', '--test', ...nodeFlags, ...files], { stdio: 'inherit' });
process.exitCode = result.status ?? 1;

function testFiles(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(path, name));
}
