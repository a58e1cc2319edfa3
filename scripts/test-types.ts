/**
 * Compiles a program that uses every subpath of the packed package, with the oldest to the newest compiler, each kind
 * of module resolution and `skipLibCheck: false`. Prints one row for each compiler.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Resolution, writeTypeProgram } from '../test/package/type-program.ts';
import { pack } from './pack.ts';

const COMPILERS = 'test/package/compilers';
const compilers: readonly (readonly [name: string, folder: string])[] = [
  ['TypeScript 5.4', `${COMPILERS}/node_modules/typescript-5.4`],
  ['TypeScript 5.6', `${COMPILERS}/node_modules/typescript-5.6`],
  ['TypeScript 5.9', 'node_modules/typescript'],
  ['TypeScript 7', 'node_modules/typescript-7'],
];
const programs: readonly (readonly [resolution: Resolution, file: string])[] = [
  ['node10', 'consumer.ts'],
  ['node16', 'consumer.cts'],
  ['node16', 'consumer.mts'],
  ['bundler', 'consumer.ts'],
];

const project = mkdtempSync(join(tmpdir(), 'zeroprom-types-'));
try {
  install();
  for (const [name, folder] of compilers) {
    const results = programs.map(
      ([resolution, file]) => `${resolution} ${file}: ${result(name, folder, resolution, file)}`,
    );
    console.log(`${name}: ${results.join(', ')}`);
  }
} finally {
  rmSync(project, { recursive: true, force: true });
}

function install(): void {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--silent'], { cwd: COMPILERS, stdio: 'inherit' });
  const tarball = pack('.', project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: project });
}

function result(name: string, compiler: string, resolution: Resolution, file: string): string {
  if (name === 'TypeScript 7' && resolution === 'node10') return 'does not exist';
  const folder = join(project, `${name}-${resolution}-${file}`);
  writeTypeProgram(folder, resolution, file, JSON.parse(readFileSync('package.json', 'utf8')));
  const { status, stdout } = spawnSync(process.execPath, [resolve(compiler, 'bin/tsc'), '-p', folder], {
    encoding: 'utf8',
  });
  if (status === 0) return 'passes';
  process.exitCode = 1;
  return `fails\n${stdout}`;
}
