import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CHECKOUT } from './checkout.ts';
import type { Case, Question } from './question.ts';

const STARTS = 7;

/** Minimum time of all imports in milliseconds, each time in a new process. */
const importTime: Case = {
  name: 'import, in a new process',
  async measure({ modules }) {
    if (modules.length === 0) return undefined;
    const imports = modules.map((name) => `await import(${JSON.stringify(name)});`).join('');
    const program = `const began = performance.now(); ${imports} process.stdout.write(String(performance.now() - began));`;
    const start = () => Number(execFileSync(process.execPath, ['--input-type=module', '-e', program]));
    return { figures: { ms: Math.min(...Array.from({ length: STARTS }, start)) } };
  },
};

const size: Case = {
  name: 'what is installed',
  rounds: 1,
  async measure({ packages }) {
    if (packages.length === 0) return undefined;
    const folders = new Set<string>();
    for (const name of packages)
      addWithDependencies(name === '.' ? CHECKOUT : join(resolve('node_modules'), name), folders);
    const bytes = [...folders].flatMap(publishedFiles).reduce((sum, file) => sum + statSync(file).size, 0);
    return { figures: { packages: folders.size, kB: bytes / 1000 } };
  },
};

function addWithDependencies(folder: string, found: Set<string>): void {
  if (found.has(folder)) return;
  found.add(folder);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) addWithDependencies(folderOf(name, folder), found);
}

/** Finds a package as Node.js does: in the closest `node_modules`. */
function folderOf(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  return existsSync(folder) ? folder : folderOf(name, dirname(from));
}

/** Returns the files that npm installs: all in the folder of a package; of this one, those that it publishes. */
function publishedFiles(folder: string): string[] {
  if (folder !== CHECKOUT) return filesIn(folder);
  const listed = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json'], {
      cwd: CHECKOUT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  const files: readonly { readonly path: string }[] = listed[0].files;
  return files.map(({ path }) => join(folder, path));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules') return [];
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

export default {
  title: 'Import and installation: time of the first import, and installed packages',
  cases: [importTime, size],
} satisfies Question;
