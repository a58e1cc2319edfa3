/**
 * Builds `dist/` (ESM) and `dist/cjs/` (CommonJS) from `src/`. Both come in a few files: one for each subpath, and what
 * they share. To find and read the sources' two hundred would be most of the time that an import takes.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type OutputOptions, rollup } from '@rollup/wasm-node';

/** Compiled file by file, and without comments, which would be read at each import too. */
const MODULES = resolve('node_modules/.cache/modules');

/** As `tsc` would write it: `import()` becomes `require()`, and modules of Node.js are used as they are. */
const COMMONJS: OutputOptions = { format: 'cjs', esModule: true, dynamicImportInCjs: false, interop: 'esModule' };

rmSync('dist', { recursive: true, force: true });
rmSync(MODULES, { recursive: true, force: true });
compile('tsconfig.build.json', '--emitDeclarationOnly');
compile('tsconfig.build.json', '--noCheck', '--declaration', 'false', '--removeComments', '--outDir', MODULES);
compile('tsconfig.cjs.json', '--noCheck', '--emitDeclarationOnly');
await bundle(entries(), { dir: 'dist' });
await bundle(entries().filter(isLibrary), { ...COMMONJS, dir: 'dist/cjs' });
chmodSync('dist/cli/main.js', 0o755); // What npm links as the command.
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');
for (const file of declarations('dist')) {
  writeFileSync(file, nameJavaScript(readFileSync(file, 'utf8')));
}

function compile(project: string, ...options: string[]): void {
  const args = ['node_modules/typescript/bin/tsc', '-p', project, ...options];
  execFileSync(process.execPath, args, { stdio: 'inherit' });
}

/** What `zeroprom` itself loads is one file beside its exports, for the others to share. */
async function bundle(inputs: readonly string[], output: OutputOptions): Promise<void> {
  const modules = await rollup({
    input: Object.fromEntries(inputs.map((name) => [name, moduleNamed(name)])),
    external: /^node:/,
    treeshake: false,
    logLevel: 'warn',
  });
  const isEntry = new Set(inputs.map(moduleNamed));
  const core = new Set<string>();
  await modules.write({
    ...output,
    chunkFileNames: 'chunks/[name]-[hash].js',
    hoistTransitiveImports: false,
    experimentalMinChunkSize: 20_000,
    manualChunks: (id, { getModuleInfo }) => {
      const add = (module: string): void => {
        if (core.has(module) || module.startsWith('node:')) return;
        core.add(module);
        for (const imported of getModuleInfo(module)?.importedIds ?? []) add(imported);
      };
      if (core.size === 0) add(moduleNamed('index'));
      return core.has(id) && !isEntry.has(id) ? 'core' : null;
    },
  });
  await modules.close();
}

function moduleNamed(name: string): string {
  return join(MODULES, `${name}.js`);
}

/** The subpaths, the command and the example exporter, as names below `src/`. */
function entries(): string[] {
  const { exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'));
  const subpaths = Object.values<{ import?: { default: string } }>(exports).flatMap((subpath) => subpath.import ?? []);
  const files = [...subpaths.map((subpath) => subpath.default), ...Object.values<string>(bin), 'dist/server.js'];
  return files.map((file) => join(file).replace(/^dist\/(.*)\.js$/, '$1'));
}

/** The command and the example exporter are programs: ESM alone. */
function isLibrary(entry: string): boolean {
  return entry !== 'server' && !entry.startsWith('cli/');
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
