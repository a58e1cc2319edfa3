/**
 * Builds `dist/` (ESM) and `dist/cjs/` (CommonJS) from `src/`. ESM comes in a few files: one for each subpath, and what
 * they share. To find and read the sources' two hundred would be most of the time that an import takes.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rollup } from '@rollup/wasm-node';

/** Compiled file by file, and without comments, which would be read at each import too. */
const MODULES = resolve('node_modules/.cache/modules');

rmSync('dist', { recursive: true, force: true });
rmSync(MODULES, { recursive: true, force: true });
compile('tsconfig.build.json', '--emitDeclarationOnly');
compile('tsconfig.build.json', '--noCheck', '--declaration', 'false', '--removeComments', '--outDir', MODULES);
compile('tsconfig.cjs.json');
await bundle();
chmodSync('dist/cli/main.js', 0o755); // What npm links as the command.
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');
for (const file of declarations('dist')) {
  writeFileSync(file, nameJavaScript(readFileSync(file, 'utf8')));
}

function compile(project: string, ...options: string[]): void {
  const args = ['node_modules/typescript/bin/tsc', '-p', project, ...options];
  execFileSync(process.execPath, args, { stdio: 'inherit' });
}

/** What `zeroprom` itself loads is one file, for the others to share. */
async function bundle(): Promise<void> {
  const inputs = entries();
  const modules = await rollup({
    input: Object.fromEntries(inputs.map((name) => [name, join(MODULES, `${name}.js`)])),
    external: /^node:/,
    treeshake: false,
    logLevel: 'warn',
  });
  const main = join(MODULES, 'index.js');
  const core = new Set<string>();
  await modules.write({
    dir: 'dist',
    chunkFileNames: 'chunks/[name]-[hash].js',
    hoistTransitiveImports: false,
    experimentalMinChunkSize: 20_000,
    manualChunks: (id, { getModuleInfo }) => {
      const add = (module: string): void => {
        if (core.has(module)) return;
        core.add(module);
        getModuleInfo(module)
          ?.importedIds.filter((imported) => !imported.startsWith('node:'))
          .forEach(add);
      };
      if (core.size === 0) add(main);
      return id !== main && core.has(id) ? 'core' : null;
    },
  });
  await modules.close();
}

/** The subpaths, the command and the example exporter, as names below `src/`. */
function entries(): string[] {
  const { exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'));
  const subpaths = Object.values<{ import?: { default: string } }>(exports).flatMap((subpath) => subpath.import ?? []);
  const files = [...subpaths.map((subpath) => subpath.default), ...Object.values<string>(bin), 'dist/server.js'];
  return files.map((file) => join(file).replace(/^dist\/(.*)\.js$/, '$1'));
}

function declarations(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

/** tsc rewrites `./x.ts` to `./x.js` in code only; declarations keep `.ts`, which older compilers refuse. */
function nameJavaScript(declaration: string): string {
  return declaration.replace(/((?:from|import\()\s*['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, '$1.js$2');
}
