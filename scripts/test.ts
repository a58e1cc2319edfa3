/**
 * Runs the test files in the given folders or files. With `--long`, these are only the tests that `npm test` runs with
 * fewer or smaller inputs, at their full size. It first compiles the sources, tests and examples to `.compiled/`,
 * so that test processes, and the processes that they start, need no compiler. It also rebuilds `dist/` if it is older
 * than the sources or the build script.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('--'));
const roots = args.filter((arg) => !arg.startsWith('--'));
const excluded = flags.filter((flag) => flag.startsWith('--exclude=')).map((flag) => flag.slice('--exclude='.length));
const isLong = flags.includes('--long');
const nodeFlags = flags.filter((flag) => !flag.startsWith('--exclude=') && flag !== '--long');

const files = (roots.length > 0 ? roots : ['test', 'examples'])
  .flatMap(testFiles)
  .filter((file) => !excluded.some((folder) => file.startsWith(folder)))
  .filter((file) => !isLong || readFileSync(file, 'utf8').includes("/long.ts'"))
  .sort();
if (files.length === 0) throw new Error(`No test files under ${roots.join(', ') || 'test and examples'}.`);

if (!isBuilt()) execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
execFileSync(process.execPath, ['node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.test.json'], { stdio: 'inherit' });
const reporter = nodeFlags.find((flag) => flag.startsWith('--test-reporter='))?.split('=')[1] ?? 'spec';
const skipped = '.compiled/skipped-tests.txt';
const result = spawnSync(
  process.execPath,
  [
    '--enable-source-maps',
    '--test',
    `--test-concurrency=${availableParallelism() + 1}`, // One more than the CPU count, because many tests only wait.
    ...nodeFlags.filter((flag) => !flag.startsWith('--test-reporter=')),
    `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout',
    '--test-reporter=./.compiled/scripts/skipped-tests.js',
    `--test-reporter-destination=${skipped}`,
    ...files.map((file) => join('.compiled', file.replace(/ts$/, 'js'))),
  ],
  { stdio: 'inherit', env: isLong ? { ...process.env, LONG_TESTS: '1' } : process.env },
);
process.exitCode = result.status ?? 1;
reportSkips(readFileSync(skipped, 'utf8').split('\n').slice(0, -1));

/** Prints each reason once, with the number of its tests. With `CI=true`, a skipped test is a failure. */
function reportSkips(reasonsOfTests: readonly string[]): void {
  const reasons = reasonsOfTests.flatMap((text) => text.split(/(?<=\.) /));
  for (const reason of new Set(reasons)) {
    console.log(`Skipped tests: ${reasons.filter((other) => other === reason).length}. ${reason}`);
  }
  if (reasons.length > 0 && process.env.CI === 'true') process.exitCode = 1;
}

function testFiles(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(path, name));
}

/** Whether the last build was completed after the last change. The time of a folder is that of its last new or deleted file. */
function isBuilt(): boolean {
  const built = statSync('dist/cjs/package.json', { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((name) => join('src', name));
  const others = [
    'src',
    'scripts/build.ts',
    'scripts/shared-code.ts',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
  ];
  return [...sources, ...others].every((path) => statSync(path).mtimeMs < built);
}
