/**
 * Runs the unit tests and the tests of the package on each supported Node.js version, installed from npm. `npm run
 * test:nodes -- 22 24 test/package` runs only those versions and tests.
 */
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { nodeLine } from './node-line.ts';

const LINES = ['20', '22', '24', '26'];
const asked = process.argv.slice(2).filter((arg) => /^[\d.]+$/.test(arg));
const folders = process.argv.slice(2).filter((arg) => !/^[\d.]+$/.test(arg));
const failed: string[] = [];

for (const line of asked.length > 0 ? asked : LINES) {
  const bin = nodeLine(line);
  console.log(`Node ${line}: ${run(join(bin, 'node'), ['--version'], bin).stdout.trim()}`);
  const args = [
    '--import',
    'tsx',
    'scripts/test.ts',
    '--test-reporter=dot',
    '--exclude=test/e2e',
    '--exclude=test/deploy',
    ...folders,
  ];
  const { status, stdout, stderr } = run(join(bin, 'node'), args, bin);
  console.log(status === 0 ? 'all tests passed' : stdout + stderr);
  if (status !== 0) failed.push(line);
}
if (failed.length > 0) throw new Error(`Tests failed on Node ${failed.join(', ')}.`);

function run(command: string, args: readonly string[], bin: string) {
  const env = { ...process.env, PATH: bin + delimiter + process.env.PATH };
  return spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 2 ** 26 });
}
