/**
 * Builds `dist/` (ESM) and `dist/cjs/` (CommonJS) from `src/`. Each subpath is one file, with a few shared chunks:
 * finding and reading hundreds of small files would take most of the time of an import. Declarations are also one file
 * for each subpath, with shared chunks, so that each class is declared once.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { type OutputOptions, type Plugin, rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { minify } from 'terser';
import { clientAssets } from '../src/status-page/server/client-assets.ts';
import { chunkOf } from './chunks.ts';
import { shareCode } from './shared-code.ts';

/** Folder of embedded texts, in the CommonJS build. */
const EMBEDDED = 'embedded/';

/** The compiled sources and their declarations, file by file. */
const MODULES = resolve('node_modules/.cache/modules');

/** Modules of Node.js, and optional peers. */
const EXTERNAL = /^(?:node:|@nestjs\/)/;

/** The same output as from `tsc`: `import()` becomes `require()`, and modules of Node.js are used directly. */
const COMMONJS: OutputOptions = { format: 'cjs', esModule: true, dynamicImportInCjs: false, interop: 'esModule' };

/** Nothing is inlined, so that functions stay where they are in stack traces and profiles. */
const SIMPLIFICATIONS = {
  ecma: 2020,
  inline: false,
  keep_classnames: true,
  keep_fnames: true,
  reduce_funcs: false,
} as const;

/** Shortens white space, local names and expressions. Stack traces keep the names of classes and functions. */
const minified: Plugin = {
  name: 'minify',
  async renderChunk(code, { fileName }, { format }) {
    const mangle = { keep_classnames: true, keep_fnames: true };
    // With the annotations of calls that a bundler may drop.
    const output = { preserve_annotations: true };
    const options = { compress: SIMPLIFICATIONS, format: output, mangle, module: format === 'es', toplevel: true };
    const { code: short } = await minify({ [fileName]: code }, options);
    return short ?? code;
  },
};

/** Resolves the `.ts` files that declarations import to their `.d.ts` files. */
const resolveDeclarations: Plugin = {
  name: 'resolve-declarations',
  resolveId(specifier, importer) {
    if (importer === undefined || !specifier.startsWith('.')) return null;
    return resolve(dirname(importer), specifier.replace(/(?:\.d)?\.ts$/, '.d.ts'));
  },
};

/** TypeScript before 5.7 has no types for the buffer of a typed array. */
const compatibleDeclarations: Plugin = {
  name: 'compatible-declarations',
  renderChunk: (code) => withTabs(code.replace(/\b(Buffer|DataView|\w+Array)<ArrayBuffer(?:Like)?>/g, '$1'), 4),
};

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

/** The variable with the client of the status page in the program of the scrape thread. */
const CLIENT_ASSETS = 'zeropromClientAssets';

/**
 * Modules that read files in the sources: the client of the status page and the program of the scrape thread. Bundles of
 * users do not have these files, so the modules have them as text. Both builds share the files with the texts, which are
 * neither ES modules nor CommonJS: they define a global variable.
 */
const embeddedModules = new Map([
  ['client-assets.js', `${decompressed('client-assets')}\nexport const clientAssets = JSON.parse(text);`],
  [
    'thread-program.js',
    `${decompressed('thread-program')}
import { clientAssets } from '../../status-page/server/client-assets.js';
export const threadProgram = { code: 'const ${CLIENT_ASSETS} = ' + JSON.stringify(clientAssets) + ';\\n' + text };`,
  ],
]);

const embedModules: Plugin = {
  name: 'embed-modules',
  resolveId: (specifier) => (specifier.startsWith(EMBEDDED) ? { id: specifier, external: true } : null),
  load: (id) => embeddedModules.get(basename(id)) ?? null,
};

/** Subpaths that replace another package. */
const standIns = ['prom-client', 'prometheus-io-client'];
const subpaths = subpathsOf(manifest).filter((name) => !standIns.includes(name));
const programs = ['cli', 'server'];

rmSync('dist', { recursive: true, force: true });
rmSync(MODULES, { recursive: true, force: true });
compile('--noCheck', '--declaration', 'false', '--removeComments');
compile('--emitDeclarationOnly', '--stripInternal');
mkdirSync('dist/cjs/embedded', { recursive: true });
embed('client-assets', JSON.stringify(clientAssets));
embed('thread-program', await bundleThread());
await bundle([...subpaths, ...programs], { dir: 'dist' });
await bundle(subpaths, { ...COMMONJS, dir: 'dist/cjs' });
await bundleDeclarations();
await bundleStandIns();
chmodSync('dist/cli.js', 0o755); // npm links it as a command.
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n'); // Last: scripts/test.ts takes its time as that of the build.

/** The subpaths by the names of their files: `index`, `http`, `testing/hostile`, …. */
function subpathsOf({ exports }: { exports: Record<string, unknown> }): string[] {
  return Object.keys(exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => (subpath === '.' ? 'index' : subpath.slice(2)));
}

function compile(...options: string[]): void {
  const args = ['node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', MODULES, ...options];
  execFileSync(process.execPath, args, { stdio: 'inherit' });
}

async function bundle(names: readonly string[], output: OutputOptions): Promise<void> {
  const modules = await rollup({
    input: inputs(names, '.js'),
    external: EXTERNAL,
    treeshake: false,
    logLevel: 'warn',
    plugins: [embedModules],
  });
  await modules.write({
    ...output,
    paths: (id) => (id.startsWith(EMBEDDED) ? `${output.format === 'cjs' ? '../' : '../cjs/'}${id}` : id), // From chunks.
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    hoistTransitiveImports: false,
    manualChunks: chunkOf(inputs(names, '.js'), { folder: MODULES, isCommonJs: output.format === 'cjs' }),
    onlyExplicitManualChunks: true,
    plugins: [minified],
  });
  await modules.close();
}

/** Writes a text for both builds. It is compressed: the program of the thread repeats most of the package. */
function embed(name: string, text: string): void {
  const bytes = brotliCompressSync(text).toString('base64');
  writeFileSync(`dist/cjs/${EMBEDDED}${name}.js`, `globalThis[${embeddedKey(name)}] = '${bytes}';\n`);
}

/** Returns the statements that define `text` as an embedded text. */
function decompressed(name: string): string {
  return `import { brotliDecompressSync } from 'node:zlib';
import '${EMBEDDED}${name}.js';
const text = brotliDecompressSync(Buffer.from(globalThis[${embeddedKey(name)}], 'base64')).toString();`;
}

function embeddedKey(name: string): string {
  return `Symbol.for('zeroprom.embedded.${name}.${manifest.version}')`;
}

/** Returns the program of the scrape thread as one script. The client of the status page is a variable that it does not define. */
async function bundleThread(): Promise<string> {
  const input = join(MODULES, 'exporter/scrape-thread/program.js');
  const load = (id: string) =>
    basename(id) === 'client-assets.js' ? `export const clientAssets = ${CLIENT_ASSETS};` : null;
  const plugins = [{ name: 'client-assets', load }];
  const modules = await rollup({ input, external: /^node:/, logLevel: 'warn', plugins });
  const { output } = await modules.generate({ ...COMMONJS, inlineDynamicImports: true, plugins: [minified] });
  await modules.close();
  return output[0].code;
}

/**
 * A replacement of another package is CommonJS in Node.js, also for `import`, because its exports are an object that
 * users write to. It has no `__esModule`, and imports modules of Node.js by their old names, which Jest mocks. Bundlers
 * get ES modules. The replacements share code with each other, and both of their builds share it, because a program that
 * uses one needs all of it. They share none with other subpaths. The types are written by hand.
 */
async function bundleStandIns(): Promise<void> {
  const entries = (entry: string) => standIns.map((name) => join(MODULES, 'compat', name, entry));
  const alone = ['index.js', 'commonjs.js', 'names.js', 'deep-imports.js'].flatMap(entries);
  const isShared = (id: string) =>
    id.startsWith(MODULES) && !alone.includes(id) && !id.startsWith(join(MODULES, 'compat/prometheus-io-client/'));
  const inputs = [...entries('index.js'), ...entries('commonjs.js')];
  const file = `${EMBEDDED}compat.js`;
  const caller = join(MODULES, 'compat/shared.js');
  const { text, modules } = await shareCode({ inputs, isShared, caller, file }, { ...COMMONJS, plugins: [minified] });
  writeFileSync(`dist/cjs/${file}`, text);
  const shared: Plugin = {
    name: 'shared',
    resolveId: (id) => (id === caller ? id : id === file ? { id, external: true } : null),
    load: (id) => modules.get(id) ?? null,
  };
  const write = async (entry: string, output: OutputOptions) => {
    const input = Object.fromEntries(standIns.map((name) => [name, join(MODULES, 'compat', name, entry)]));
    const bundle = await rollup({
      input,
      external: /^node:/,
      treeshake: { propertyReadSideEffects: false },
      logLevel: 'warn',
      plugins: [shared],
    });
    await bundle.write({
      ...output,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/compat-[hash].js',
      hoistTransitiveImports: false,
      plugins: [minified],
    });
    await bundle.close();
  };
  const paths = (id: string) => (id === file ? `../${file}` : id.replace(/^node:/, ''));
  await write('commonjs.js', { ...COMMONJS, esModule: false, exports: 'named', paths, dir: 'dist/cjs' });
  await write('index.js', { format: 'es', paths: (id) => (id === file ? `../cjs/${file}` : id), dir: 'dist' });
  for (const name of standIns) {
    writeFileSync(`dist/cjs/${name}.d.ts`, withTabs(readFileSync(`src/compat/${name}/${name}.d.ts`, 'utf8'), 2));
  }
}

/** Indents by tabs, which take a tenth less than spaces. */
function withTabs(text: string, spaces: number): string {
  return text.replace(/^ +/gm, (indent) => '\t'.repeat(indent.length / spaces) + ' '.repeat(indent.length % spaces));
}

/**
 * Both builds share one chunk of declarations, so a class has one type however it was imported. The chunk is in
 * `dist/cjs/`, because ES modules may import the types of CommonJS modules, but not the reverse.
 */
async function bundleDeclarations(): Promise<void> {
  const declarations = await rollup({
    input: inputs(subpaths, '.d.ts'),
    external: EXTERNAL,
    plugins: [resolveDeclarations, dts(), compatibleDeclarations],
    logLevel: 'warn',
  });
  const isEntry = new Set(Object.values(inputs(subpaths, '.d.ts')));
  await declarations.write({
    dir: 'dist/cjs',
    entryFileNames: '[name].ts',
    minifyInternalExports: false,
    chunkFileNames: 'chunks/[name].d.ts',
    manualChunks: (id) => (isEntry.has(id) ? null : 'types'),
  });
  await declarations.close();
  for (const name of subpaths) {
    const text = readFileSync(`dist/cjs/${name}.d.ts`, 'utf8').replace(/^import '.*\n/gm, ''); // Imports without names.
    writeFileSync(`dist/cjs/${name}.d.ts`, text);
    const path = name.includes('/') ? '../cjs/chunks/' : './cjs/chunks/';
    writeFileSync(`dist/${name}.d.ts`, text.replace(/(?<= from ')(?:\.\/|\.\.\/)chunks\//g, path));
  }
}

function inputs(names: readonly string[], ending: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [ending === '.js' ? name : `${name}.d`, sourceOf(name, ending)]));
}

/** The compiled entry point: a file, or a folder's `index`. */
function sourceOf(name: string, ending: string): string {
  const candidates = [name, `${name}/index`, `${name}/main`].map((path) => join(MODULES, path + ending));
  const found = candidates.find(existsSync);
  if (found === undefined)
    throw new Error(`No source for the subpath ${name}: none of ${candidates.join(', ')} exists.`);
  return found;
}
