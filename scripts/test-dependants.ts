/**
 * Runs packages that depend on prom-client or its successor with the real package and with the alias package of zeroprom, and
 * compares their output: `npm run test:dependants`. They have a lock file of their own. Also checks that `zeroprom migrate`
 * finds exactly the uses of the API in their sources.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { masked } from '../test/dependants/masked.ts';
import { installLocked } from './install-locked.ts';
import { pack } from './pack.ts';

const SOURCES = 'test/dependants';
const CACHE = resolve('node_modules/.cache/dependants');
const TIMEOUT_MS = 60_000;
const DEPENDANTS = [
  '@hono/prometheus',
  '@promster/metrics',
  '@willsoto/nestjs-prometheus',
  'express-prom-bundle',
  'fastify-metrics-13',
  'fastify-metrics-14',
  'opossum-prometheus',
  'prometheus-api-metrics',
];

const real = join(CACHE, 'real');
const alias = join(CACHE, 'alias');
installReal();
installAliases();
const programs = readdirSync(join(SOURCES, 'programs')).filter((name) => name !== 'show.mjs');
const failures = programs.filter((name) => !isSame(name));
const checks = [areUsesFound(), haveSameTypes()];
if (failures.length > 0 || checks.includes(false)) process.exitCode = 1;

function installReal(): void {
  installLocked(SOURCES, real);
  cpSync(join(SOURCES, 'programs'), join(real, 'programs'), { recursive: true });
  cpSync(join(SOURCES, 'types.mts'), join(real, 'types.mts'));
}

/** Copies the installation and replaces the clients by the packages from `packages/`. */
function installAliases(): void {
  rmSync(alias, { recursive: true, force: true });
  cpSync(real, alias, { recursive: true, verbatimSymlinks: true });
  unpack('.', 'zeroprom');
  for (const folder of readdirSync('packages')) {
    unpack(join('packages', folder), folder === 'prom-client' ? folder : '@prometheus-io/client');
  }
}

function unpack(folder: string, name: string): void {
  const target = join(alias, 'node_modules', name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', pack(folder, alias), '-C', target, '--strip-components=1']);
}

/** Compares the output of a program with both. The outputs stay in the cache. */
function isSame(name: string): boolean {
  const [expected, actual] = [real, alias].map((tree) => {
    const output = masked(run(tree, name));
    writeFileSync(join(tree, `${name}.txt`), output);
    return output;
  });
  // Empty outputs would be equal too.
  const hasOutput = expected?.includes('# TYPE ') === true;
  const same = hasOutput && expected === actual;
  console.log(
    `${same ? 'same output' : 'DIFFERENT  '}  ${name.replace('.mjs', '')}, ${expected?.split('\n').length} lines`,
  );
  if (!same) spawnSync('diff', ['-u', join(real, `${name}.txt`), join(alias, `${name}.txt`)], { stdio: 'inherit' });
  return same;
}

function run(tree: string, name: string): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join('programs', name)], {
    cwd: tree,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    env: { ...process.env, NODE_ENV: 'test' },
  });
  return status === 0 ? stdout : `${stdout}\nIt ended with ${status}:\n${stderr}`;
}

/** Compares the uses that `zeroprom migrate` finds in the sources with those found by hand. */
function areUsesFound(): boolean {
  const expected = readFileSync(join(SOURCES, 'uses.txt'), 'utf8');
  const found = DEPENDANTS.flatMap(usesIn).join('\n');
  writeFileSync(join(CACHE, 'uses.txt'), `${found}\n`);
  const same = expected === `${found}\n`;
  console.log(`${same ? 'same uses  ' : 'DIFFERENT  '}  of the API, found by zeroprom migrate`);
  if (!same) spawnSync('diff', ['-u', join(SOURCES, 'uses.txt'), join(CACHE, 'uses.txt')], { stdio: 'inherit' });
  return same;
}

function usesIn(dependant: string): string[] {
  const folder = join(real, 'node_modules', dependant);
  const { stdout } = spawnSync(process.execPath, ['dist/cli.js', 'migrate', '--format=json', folder], {
    encoding: 'utf8',
  });
  const { uses }: { uses: readonly Record<string, unknown>[] } = JSON.parse(stdout);
  return uses.map(({ path, line, use, verdict }) => `${dependant}/${path}:${line}: ${use}: ${verdict}`);
}

/** Compiles a program with the declarations of all packages, some of which have errors, and compares the errors. */
function haveSameTypes(): boolean {
  const [expected, actual] = [real, alias].map((cwd) => {
    const flags = '--ignoreConfig --noEmit --module nodenext --target es2022 --strict --types node'.split(' ');
    const roots = ['--typeRoots', resolve('node_modules/@types')];
    const args = [resolve('node_modules/typescript-7/bin/tsc'), ...flags, ...roots, 'types.mts'];
    return spawnSync(process.execPath, args, { cwd, encoding: 'utf8' }).stdout;
  });
  const same = expected === actual;
  console.log(`${same ? 'same types ' : 'DIFFERENT  '}  of the packages, for the compiler`);
  if (!same) console.log(`real:\n${expected}\nalias:\n${actual}`);
  return same;
}
