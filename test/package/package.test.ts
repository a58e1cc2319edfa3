import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { minify } from 'terser';
import { apiReport } from '../../scripts/api-report.ts';
import { pack } from '../../scripts/pack.ts';
import { isLong } from '../long.ts';
import { type Resolution, writeTypeProgram } from './type-program.ts';

const project = mkdtempSync(join(tmpdir(), 'zeroprom-package-'));
const installed = join(project, 'node_modules/zeroprom');
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
let tarball = '';
const STAND_INS = ['./prom-client', './prometheus-io-client'];

/** `npm run test:types` tries more compilers. TypeScript 7 has no module resolution "node10". */
const typeCases: readonly (readonly [compiler: string, resolution: Resolution, file: string])[] = [
  ...(isLong ? ([['typescript', 'node10', 'consumer.ts']] as const) : []),
  ['typescript-7', 'nodenext', 'consumer.mts'],
  ['typescript-7', 'nodenext', 'consumer.cts'],
  ['typescript-7', 'node16', 'consumer.cts'],
  ['typescript-7', 'bundler', 'consumer.ts'],
];

before(() => {
  tarball = pack('.', project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball]);
});

after(() => rmSync(project, { recursive: true, force: true }));

function run(command: string, args: readonly string[], cwd = project): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${error ?? ''}\n${stdout}${stderr}`);
  return stdout;
}

function runScript(name: string, source: string): string {
  writeFileSync(join(project, name), source);
  return run(process.execPath, [name]).trim();
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
}

test('the package contains only the build, its license, its documentation and the files for deployments', () => {
  const strays = files(installed).filter(
    (name) => !/^(dist\/.+\.(js|d\.ts)|dist\/cjs\/package\.json|docs\/.+\.md|deploy\/.+)$/.test(name),
  );
  assert.deepEqual(strays.sort(), ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
});

test('the package contains all pages of docs/ but those that only a checkout needs', () => {
  const pages = readdirSync('docs').filter((name) => name.endsWith('.md'));
  const shipped = readdirSync(join(installed, 'docs'));
  assert.deepEqual(
    pages.filter((name) => !shipped.includes(name)),
    ['architecture.md', 'client-library-guidelines.md', 'decisions.md', 'performance.md'],
  );
});

test('the package contains what docs/deploy.md deploys, and nothing of the example', () => {
  const shipped = new Set(files(installed).filter((name) => name.startsWith('deploy/')));
  const folders = ['grafana/dashboards', 'helm', 'kubernetes', 'prometheus/rules', 'systemd', 'templates'];
  const expected = folders.flatMap((folder) => files(join('deploy', folder)).map((name) => `deploy/${folder}/${name}`));
  assert.deepEqual([...shipped].sort(), expected.filter((name) => !/\/example\.\w+$/.test(name)).sort());
});

test('documentation and files for deployments have at most 0.39 MB', (t) => {
  const names = files(installed).filter((name) => /^(docs|deploy)\//.test(name));
  const bytes = names.reduce((sum, name) => sum + statSync(join(installed, name)).size, 0);
  t.diagnostic(`${names.length} files, ${bytes} bytes`);
  assert.ok(bytes <= 0.39e6, `${bytes} bytes`);
});

test('the tarball has at most 785 kB', (t) => {
  const bytes = statSync(tarball).size;
  t.diagnostic(`${bytes} bytes`);
  assert.ok(bytes <= 0.785e6, `${bytes} bytes`);
});

test('the package has no dependencies to install', (t) => {
  assert.deepEqual(
    readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['zeroprom'],
  );
  assert.equal(manifest.dependencies, undefined);
  const bytes = files(installed).reduce((sum, name) => sum + statSync(join(installed, name)).size, 0);
  t.diagnostic(`installed size: ${(bytes / 1024).toFixed(0)} KiB`);
});

test('every subpath can be imported', () => {
  const subpaths = Object.keys(manifest.exports).filter((path) => path !== './package.json');
  const imports = subpaths.map((path) => `await import('zeroprom${path.slice(1)}')`);
  const lengths = runScript(
    'all.mjs',
    `console.log([${imports.join(', ')}].every((module) => Object.keys(module).length > 0))`,
  );
  assert.equal(lengths, 'true');
});

test('every subpath can be required', () => {
  const subpaths = Object.keys(manifest.exports).filter((path) => path !== './package.json');
  const requires = subpaths.map((path) => `require('zeroprom${path.slice(1)}')`);
  const lengths = runScript(
    'all.cjs',
    `console.log([${requires.join(', ')}].every((module) => Object.keys(module).length > 0))`,
  );
  assert.equal(lengths, 'true');
});

const USE = `new Counter({ name: 'c_total', help: 'Help.', labelNames: ['a'] }).inc({ a: 'b' });
defaultRegistry.expose().then((text) => console.log(JSON.stringify(text)));`;
const SHOWN = JSON.stringify('# HELP c_total Help.\n# TYPE c_total counter\nc_total{a="b"} 1\n');

test('the package works with import', () => {
  assert.equal(runScript('use.mjs', `import { Counter, defaultRegistry } from 'zeroprom';\n${USE}`), SHOWN);
});

test('the package works with require', () => {
  assert.equal(runScript('use.cjs', `const { Counter, defaultRegistry } = require('zeroprom');\n${USE}`), SHOWN);
});

test('the CommonJS build works by itself', () => {
  const source = `const { Counter, defaultRegistry } = require('./node_modules/zeroprom/dist/cjs/index.js');\n${USE}`;
  assert.equal(runScript('build.cjs', source), SHOWN);
});

test('import, require and the CommonJS build see one default registry', () => {
  const source = `import { createRequire } from 'node:module';
import { Counter, defaultRegistry } from 'zeroprom';
const require = createRequire(import.meta.url);
const cjs = require('./node_modules/zeroprom/dist/cjs/index.js');
new cjs.Counter({ name: 'from_cjs_total', help: 'Help.' });
new (require('zeroprom').Counter)({ name: 'from_require_total', help: 'Help.' });
new Counter({ name: 'from_import_total', help: 'Help.' });
const text = await defaultRegistry.expose();
console.log(cjs.Counter === Counter, text.match(/^from_\\w+/gm).join());`;
  assert.equal(runScript('one.mjs', source), 'false from_cjs_total,from_import_total,from_require_total');
});

test('importing the package opens no files or sockets, and loads neither servers nor observers', () => {
  const source = `const loaded = () => process.moduleLoadList.filter((name) => /NativeModule (http|https|zlib|net|tls|v8|perf_hooks|worker_threads)$/.test(name));
const turn = () => new Promise((resolve) => setTimeout(resolve, 10)); // The module loader closes its files.
await turn();
const before = [...loaded(), ...process.getActiveResourcesInfo()];
await import('zeroprom');
await turn();
const after = [...loaded(), ...process.getActiveResourcesInfo()];
console.log(JSON.stringify(before) === JSON.stringify(after) || after.join());`;
  assert.equal(runScript('import.mjs', source), 'true');
});

test('requiring the package loads its own file and one chunk', () => {
  const source = `require('./node_modules/zeroprom/dist/cjs/index.js');
console.log(JSON.stringify(Object.keys(require.cache).slice(1)));`;
  const loaded: string[] = JSON.parse(runScript('files.cjs', source));
  assert.equal(loaded.length, 2);
  assert.match(loaded.map((file) => readFileSync(file, 'utf8')).join(''), /class Counter /);
});

for (const [subpath, ...unneeded] of [
  ['http', 'ExporterServer', 'WebConfigFile'],
  ['exporter', 'ExporterServer', 'WebConfigFile'],
  ['scheduler', 'GatherCoalescer', 'TextFormatEncoder'],
  ['collectors', 'GatherCoalescer', 'TextFormatEncoder'],
  ['overrides', 'GatherCoalescer', 'TextFormatEncoder'],
] as const) {
  test(`importing zeroprom/${subpath} does not load ${unneeded.join(' or ')}`, () => {
    const source = `require('./node_modules/zeroprom/dist/cjs/${subpath}.js');
console.log(JSON.stringify(Object.keys(require.cache).slice(1)));`;
    const loaded: string[] = JSON.parse(runScript(`${subpath}.cjs`, source));
    const code = loaded.map((file) => readFileSync(file, 'utf8')).join('');
    assert.match(code, /class Counter /);
    assert.doesNotMatch(code, new RegExp(`class (?:${unneeded.join('|')}) `));
  });
}

test('a program that only counts bundles no code that gathers or encodes', async () => {
  const contents = "import { Counter } from 'zeroprom'; new Counter({ name: 'a_total', help: 'Help.' }).inc();";
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const [{ contents: code, text } = { contents: new Uint8Array(), text: '' }] = outputFiles;
  assert.doesNotMatch(text, /application\/openmetrics-text|zeroprom_collector_success/);
  assert.ok(gzipSync(code, { level: 9 }).length <= 14_800, `${code.length} bytes`);
});

test('a scrape loads no encoder but that of its format', () => {
  const source = `const { createServer } = require('node:http');
const { Counter, metricsHandler } = require('./node_modules/zeroprom/dist/cjs/index.js');
const { readFileSync } = require('node:fs');
new Counter({ name: 'a_total', help: 'Help.' }).inc();
const loaded = () => Object.keys(require.cache).map((file) => readFileSync(file, 'utf8')).join('');
const encoders = () => ['TextFormat', 'OpenMetrics', 'OpenMetrics2', 'Protobuf'].filter((name) => loaded().includes('class ' + name + 'Encoder'));
const server = createServer(metricsHandler()).listen(0, async () => {
  const seen = [encoders()];
  for (const accept of ['*/*', 'application/openmetrics-text;version=1.0.0', 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited']) {
    const response = await fetch('http://localhost:' + server.address().port, { headers: { accept, connection: 'close' } });
    await response.arrayBuffer();
    seen.push(encoders());
  }
  console.log(JSON.stringify(seen));
  server.close();
});`;
  const text = ['TextFormat'];
  const openMetrics = [...text, 'OpenMetrics', 'OpenMetrics2'];
  assert.deepEqual(JSON.parse(runScript('scrape.cjs', source)), [[], text, openMetrics, [...openMetrics, 'Protobuf']]);
});

test('a bundler that splits needs at most 19.4 kB to count and to wait for scrapes', async (t) => {
  const entry = join(project, 'entry.mjs');
  writeFileSync(
    entry,
    "import { Counter, metricsHandler } from 'zeroprom'; globalThis.used = [Counter, metricsHandler];",
  );
  const resolveId = (id: string) => (id === 'zeroprom' ? join(installed, 'dist/index.js') : null);
  const moduleSideEffects = (id: string) => id === entry; // As "sideEffects" in package.json says.
  const modules = await rollup({
    input: entry,
    external: /^node:/,
    treeshake: { moduleSideEffects },
    plugins: [{ name: 'resolve', resolveId }],
  });
  const { output } = await modules.generate({ format: 'es', hoistTransitiveImports: false });
  const [{ code, imports }] = output;
  await modules.close();
  assert.deepEqual(imports, []);
  const { code: short = '' } = await minify(code, { module: true, toplevel: true });
  const bytes = gzipSync(short, { level: 9 }).length;
  t.diagnostic(`${short.length} bytes, ${bytes} compressed`);
  assert.ok(bytes <= 19_400, `${bytes} bytes`);
});

for (const [name, limit] of [
  ['prom-client', 24_400],
  ['prometheus-io-client', 26_700],
] as const) {
  for (const format of ['esm', 'cjs'] as const) {
    test(`a bundle of zeroprom/${name} works without the package: ${format}`, async () => {
      const contents = `import { collectDefaultMetrics, Counter, register } from 'zeroprom/${name}';
collectDefaultMetrics();
new Counter({ name: 'a_total', help: 'Help.' }).inc();
register.metrics().then((text) => console.log(/^a_total 1$/m.test(text), /^process_cpu_seconds_total /m.test(text)));`;
      const folder = mkdtempSync(join(tmpdir(), 'zeroprom-bundled-'));
      const outfile = join(folder, format === 'esm' ? 'program.mjs' : 'program.cjs');
      const stdin = { contents, resolveDir: project };
      await build({ stdin, bundle: true, minify: true, format, platform: 'node', outfile });
      assert.equal(run(process.execPath, [outfile], folder).trim(), 'true true');
      const bytes = gzipSync(readFileSync(outfile), { level: 9 }).length;
      rmSync(folder, { recursive: true });
      assert.ok(bytes <= limit, `${bytes} bytes`);
    });
  }
}

test('dist/ has at most 149 files and 2.02 MB, and no part of it is larger than its limit', (t) => {
  const dist = files(join(installed, 'dist'));
  const isOf = (parts: string) => (name: string) => new RegExp(`(^|/)(${parts})[.-]`).test(name);
  const declarations = dist.filter((name) => name.endsWith('.d.ts')); // All subpaths share most of them.
  const replacements = dist.filter(isOf('prom-client|prometheus-io-client|compat'));
  const optional = dist.filter(
    isOf('overrides|push|workers|thread-program|status-page|client-assets|nest|opentelemetry'),
  );
  const core = dist.filter((name) => ![declarations, replacements, optional].some((part) => part.includes(name)));
  for (const [part, names, maxFiles, maxBytes] of [
    ['all', dist, 149, 2.02e6],
    ['core', core, 81, 1.06e6],
    ['optional', optional, 34, 0.56e6],
    ['replacements', replacements, 9, 0.135e6],
    ['declarations', declarations, 40, 0.31e6],
  ] as const) {
    t.diagnostic(`${part}: ${names.length} files, ${sizeOf(names)} bytes`);
    assert.ok(names.length <= maxFiles, `${part}: ${names.length} files`);
    assert.ok(sizeOf(names) <= maxBytes, `${part}: ${sizeOf(names)} bytes`);
  }
});

function sizeOf(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + statSync(join(installed, 'dist', name)).size, 0);
}

test('errors contain the names of classes and functions in the sources', () => {
  const source = `import { Counter } from 'zeroprom';
try {
  new Counter({ name: 'c', help: 'Help.' }).inc(-1);
} catch (error) {
  console.log(error.stack.includes('Counter.inc'), Counter.name);
}`;
  assert.equal(runScript('stack.mjs', source), 'true Counter');
});

test('the API report in api/ shows the public declarations', () => {
  const report = apiReport();
  const committed = new Map(
    files('api')
      .sort()
      .map((file) => [file, readFileSync(join('api', file), 'utf8')]),
  );
  assert.deepEqual([...committed.keys()], [...report.keys()], 'Run "npm run api".');
  for (const [file, text] of report)
    assert.equal(committed.get(file), text, `api/${file} is out of date: run "npm run api".`);
});

for (const [compiler, resolution, file] of typeCases) {
  test(`its types work in ${file} with ${compiler} and module resolution ${resolution}`, () => {
    const folder = join(project, `types-${compiler}-${resolution}-${file}`);
    writeTypeProgram(folder, resolution, file, manifest);
    run(process.execPath, [resolve('node_modules', compiler, 'bin/tsc'), '-p', folder]);
  });
}

test('publint finds nothing', () => {
  run(process.execPath, [resolve('node_modules/publint/src/cli.js'), tarball, '--strict'], process.cwd());
});

test('its types resolve for Node.js and bundlers', () => {
  const attw = resolve('node_modules/@arethetypeswrong/cli/dist/index.js');
  run(process.execPath, [attw, tarball, '--no-emoji', '--exclude-entrypoints', ...STAND_INS], process.cwd());
  // Node.js does not see the name contentType, as in prom-client: it is a property that can be set.
  const options = ['--entrypoints', ...STAND_INS, '--ignore-rules', 'named-exports'];
  run(process.execPath, [attw, tarball, '--no-emoji', ...options], process.cwd());
});
