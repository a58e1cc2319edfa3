/**
 * Runs the tests of frameworks and runtimes that the checkout does not install, with the packed package: `npm run
 * test:runtimes`, or `npm run test:runtimes -- adapters examples` for some of them. They have a lock file of their own. The
 * programs in `test/runtimes/programs` and `examples/frameworks` are also type checked against the frameworks. `FRAMEWORKS=nuxt,koa`
 * limits the program `frameworks` to these examples.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installLocked } from './install-locked.ts';
import { nodeLine } from './node-line.ts';
import { pack } from './pack.ts';

const SOURCES = 'test/runtimes';
const CACHE = resolve('.compiled/runtimes');
/** Some frameworks do not run on Node.js 20. */
const NODE_LINE = '22';

const asked = process.argv.slice(2);
const bin = nodeLine(NODE_LINE);
installLocked(SOURCES, CACHE);
unpackZeroprom();
copyPrograms();
const names = readdirSync(join(SOURCES, 'programs')).filter((name) => name.endsWith('.test-program.ts'));
const chosen = names.filter((name) => asked.length === 0 || asked.includes(name.replace('.test-program.ts', '')));
const results = [
  run([resolve('node_modules/typescript-7/bin/tsc'), '-p', '.']),
  run([
    '--test',
    '--test-reporter=spec',
    '--test-timeout=1200000',
    '--test-concurrency=2',
    ...chosen.map((name) => join('programs', name)),
  ]),
];
if (results.includes(false)) process.exitCode = 1;

function unpackZeroprom(): void {
  const target = join(CACHE, 'node_modules/zeroprom');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', pack('.', CACHE), '-C', target, '--strip-components=1']);
}

function copyPrograms(): void {
  for (const folder of ['programs', 'examples', 'work']) rmSync(join(CACHE, folder), { recursive: true, force: true });
  for (const [from, to] of [
    [join(SOURCES, 'programs'), 'programs'],
    ['examples', 'examples'],
    ['examples/frameworks', 'examples'],
  ] as const) {
    cpSync(from, join(CACHE, to), { recursive: true });
  }
  rmSync(join(CACHE, 'examples/frameworks'), { recursive: true });
  rmSync(join(CACHE, 'examples/tsconfig.json'));
  // Both versions of h3 have the same name.
  const older = join(CACHE, 'examples/h3-1.ts');
  writeFileSync(older, readFileSync(older, 'utf8').replace("'h3'", "'h3-1'"));
  cpSync(join(SOURCES, 'tsconfig.programs.json'), join(CACHE, 'tsconfig.json'));
}

/** Uses the compiler of the checkout, because Node.js does not know decorators. */
function run(args: readonly string[]): boolean {
  const env = { ...process.env, NODE_ENV: 'test', NODE_NO_WARNINGS: '1', NODE_OPTIONS: '--import=tsx' };
  return spawnSync(join(bin, 'node'), args, { cwd: CACHE, stdio: 'inherit', env }).status === 0;
}
