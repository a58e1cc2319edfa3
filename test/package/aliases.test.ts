/** The packages in `packages/`, installed under the names of the packages that they replace. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { pack } from '../../scripts/pack.ts';
import { isLong } from '../long.ts';
import { PROM_CLIENT_PROGRAM, PROM_CLIENT_REFUSALS, SUCCESSOR_PROGRAM, SUCCESSOR_REFUSALS } from './alias-program.ts';

interface Alias {
  /** The name under which it is installed. */
  readonly name: string;
  /** The folder below `packages/`, and the subpath of zeroprom. */
  readonly folder: string;
  /** The number of names that `require()` returns. */
  readonly exports: number;
  /** Files of the other package without exports. */
  readonly leftOut: RegExp;
  /** Statements that must compile, and then statements that must not. */
  readonly program: string;
}

const aliases: readonly Alias[] = [
  {
    name: 'prom-client',
    folder: 'prom-client',
    exports: 16,
    leftOut: /^lib\/(exemplar|metrics\/helpers\/\w+)\.js$/,
    program: `${PROM_CLIENT_PROGRAM}\n${PROM_CLIENT_REFUSALS}`,
  },
  {
    name: '@prometheus-io/client',
    folder: 'prometheus-io-client',
    exports: 18,
    leftOut: /^lib\/(exemplar|metrics\/helpers\/\w+)\.js$/,
    program: `${SUCCESSOR_PROGRAM}\n${SUCCESSOR_REFUSALS}`,
  },
];

const project = mkdtempSync(join(realpathSync(tmpdir()), 'zeroprom-aliases-'));
const realPackages = createRequire(import.meta.url);
const tarballs = new Map<string, string>();
let zeroprom = '';

before(() => {
  zeroprom = pack('.', project);
  for (const { name, folder } of aliases) tarballs.set(name, pack(join('packages', folder), project));
  writeDependant();
  const dependencies = {
    dependant: 'file:./dependant',
    ...Object.fromEntries([...tarballs].map(([name, tarball]) => [name, `file:${tarball}`])),
  };
  const overrides = {
    zeroprom: `file:${zeroprom}`,
    ...Object.fromEntries(aliases.map(({ name }) => [name, `$${name}`])),
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--install-links']);
});

after(() => rmSync(project, { recursive: true, force: true }));

/** A package that depends on the others, in the versions that dependants require. */
function writeDependant(): void {
  mkdirSync(join(project, 'dependant'));
  const dependencies = Object.fromEntries(aliases.map(({ name }) => [name, '>=0.1']));
  const manifest = { name: 'dependant', version: '1.0.0', dependencies };
  writeFileSync(join(project, 'dependant/package.json'), JSON.stringify(manifest));
  writeFileSync(join(project, 'dependant/index.js'), 'module.exports = (name) => require(name);');
}

function run(command: string, args: readonly string[], cwd = project): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${error ?? ''}\n${stdout}${stderr}`);
  return stdout;
}

function runScript(file: string, source: string): string {
  writeFileSync(join(project, file), source);
  return run(process.execPath, [file]).trim();
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => file.replaceAll('\\', '/'));
}

for (const { name, folder, exports, leftOut, program } of aliases) {
  const installed = join(project, 'node_modules', name);
  const real = resolve(realPackages.resolve(`${name}/package.json`), '..');
  const manifest = JSON.parse(readFileSync(join('packages', folder, 'package.json'), 'utf8'));

  test(`${name}: the version satisfies the requirements of dependants`, () => {
    const { version } = JSON.parse(readFileSync(join(real, 'package.json'), 'utf8'));
    const [major, minor, patch] = version.split('.').map(Number);
    const [ownMajor, ownMinor, ownPatch] = manifest.version.split('.').map(Number);
    assert.equal(ownMajor, major);
    assert.ok(ownMajor > 0 ? ownMinor > minor : ownMinor === minor && ownPatch > patch, manifest.version);
  });

  test(`${name}: the only dependency is zeroprom in the version of this repository`, () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.deepEqual(manifest.dependencies, { zeroprom: `^${version}` });
    assert.equal(manifest.exports, undefined);
  });

  test(`${name}: the package contains its declared files, its license and a README`, () => {
    const others = filesBelow(installed).filter((file) => !/^lib\/(metrics\/)?\w+\.js$/.test(file));
    assert.deepEqual(others.sort(), ['LICENSE', 'README.md', 'index.d.ts', 'index.js', 'package.json']);
    assert.equal(readFileSync(join(installed, 'LICENSE'), 'utf8'), readFileSync('LICENSE', 'utf8'));
  });

  test(`${name}: there is one copy for the project and its dependants`, () => {
    const copies = filesBelow(join(project, 'node_modules')).filter((file) => file.endsWith(`${name}/package.json`));
    assert.deepEqual(copies, [`node_modules/${name}/package.json`.slice('node_modules/'.length)]);
    const source = `console.log(require('dependant')('${name}') === require('${name}'));`;
    assert.equal(runScript('one-copy.cjs', source), 'true');
  });

  test(`${name}: modules that are loaded again, as after Jest's resetModules(), have a new registry`, () => {
    const source = `const load = () => {
  for (const path of Object.keys(require.cache)) delete require.cache[path];
  const client = require('${name}');
  new client.Counter({ name: 'loaded_total', help: 'Help.' }).inc();
  return client;
};
const first = load();
const second = load();
second.register.getSingleMetric('loaded_total').inc();
Promise.all([first.register.metrics(), second.register.metrics()]).then((texts) => {
  const shown = texts.map((text) => text.match(/loaded_total (\\d)/)[1]);
  console.log(first.register instanceof second.Registry, require('${name}').register === second.register, ...shown);
});`;
    assert.equal(runScript('reload.cjs', source), 'true true 1 2');
  });

  test(`${name}: two copies of zeroprom have one registry`, () => {
    const source = `const { copyFileSync } = require('node:fs');
const { join } = require('node:path');
const file = require.resolve('zeroprom/${folder}');
const copy = join(file, '..', 'copy.js');
copyFileSync(file, copy);
console.log(require('${name}').register === require(copy).register);`;
    assert.equal(runScript('two-copies.cjs', source), 'true');
  });

  test(`${name}: require() returns the names of the real package without __esModule`, () => {
    const source = `const own = require('${name}');
console.log(JSON.stringify([Object.keys(own).sort(), '__esModule' in own]));`;
    const [names, isEsModule] = JSON.parse(runScript('require.cjs', source));
    assert.deepEqual(names, Object.keys(realPackages(name)).sort());
    assert.equal(names.length, exports);
    assert.equal(isEsModule, false);
  });

  test(`${name}: import provides the names, and the default export is the result of require()`, () => {
    const source = `import { createRequire } from 'node:module';
import client, { Counter, register } from '${name}';
import * as names from '${name}';
const required = createRequire(import.meta.url)('${name}');
new Counter({ name: 'imported_total', help: 'Help.' }).inc();
const text = await client.register.metrics();
const named = Object.keys(names).filter((name) => name !== 'module.exports'); // Node.js 23 and later add it.
console.log(required === client, register === client.register, named.length, text.includes('imported_total 1'));`;
    assert.equal(runScript('import.mjs', source), `true true ${exports} true`);
  });

  test(`${name}: each file of the real package can be required, with and without .js, and exports the same names`, () => {
    const files = filesBelow(real).filter((file) => file.startsWith('lib/') && file.endsWith('.js'));
    const wanted = files.filter((file) => !leftOut.test(file));
    assert.ok(wanted.length > 20);
    const source = `const files = ${JSON.stringify(wanted)};
const namesOf = (file) => {
  const own = require('${name}/' + file);
  if (own !== require('${name}/' + file.slice(0, -3))) throw new Error(file);
  return [file, typeof own, Object.keys(own).sort()];
};
console.log(JSON.stringify(files.map(namesOf)));`;
    const found: [file: string, type: string, names: string[]][] = JSON.parse(runScript('deep.cjs', source));
    for (const [file, type, names] of found) {
      const exported = realPackages(`${name}/${file}`);
      assert.equal(type, typeof exported, file);
      if (!/^lib\/util/.test(file)) assert.deepEqual(names, Object.keys(exported).sort(), file);
    }
  });

  test(`${name}: deep imports are the same objects as the public ones`, () => {
    const source = `const own = require('${name}');
console.log([
  own.Registry === require('${name}/lib/registry'),
  own.register === require('${name}/lib/registry').globalRegistry,
  own.AggregatorRegistry === require('${name}/lib/cluster'),
  own.Gauge === require('${name}/lib/gauge.js'),
  own.collectDefaultMetrics === require('${name}/lib/defaultMetrics'),
  own.aggregators === require('${name}/lib/metricAggregators').aggregators,
  new own.Counter({ name: 'c', help: 'Help.' }) instanceof require('${name}/lib/metric').Metric,
].join());`;
    assert.equal(runScript('same.cjs', source), Array(7).fill('true').join());
  });

  test(`${name}: one group of default metrics can be imported`, () => {
    const source = `const { Registry } = require('${name}');
const version = require('${name}/lib/metrics/version');
const registry = new Registry();
version(registry, { prefix: 'a_' });
registry.metrics().then((text) => console.log(version.metricNames.join(), text.includes('a_nodejs_version_info{version="v')));`;
    assert.equal(runScript('group.cjs', source), 'nodejs_version_info true');
  });

  test(`${name}: helpers of lib/ behave as those of the real package`, () => {
    const calls = `const sorted = (value) => JSON.stringify(value);
const text = (call) => { try { return sorted(call()); } catch (error) { return error.message; } };
const { validateLabel, validateLabelName, validateMetricName } = require('${name}/lib/validation');
const { linearBuckets } = require('${name}/lib/bucketGenerators');
const { AggregatorFactory } = require('${name}/lib/metricAggregators');
console.log([
  text(() => validateMetricName('a:b')), text(() => validateMetricName('a-b')),
  text(() => validateLabelName(['a', 'b_1'])), text(() => validateLabelName(['a', '1b'])), text(() => validateLabelName()),
  text(() => validateLabel(['a'], { a: 1 }) ?? 'ok'), text(() => validateLabel(['a', 'b'], { c: 1 })),
  text(() => linearBuckets(0, 50, 3)),
  text(() => AggregatorFactory((all) => all.length)([{ name: 'n', help: 'h', type: 'gauge', values: [{ value: 1, labels: {} }] }])),
].join('\\n'));`;
    const own = runScript('helpers.cjs', calls);
    writeFileSync(join(project, 'helpers-real.cjs'), calls.replaceAll(`'${name}/`, `'${real}/`));
    assert.equal(own, run(process.execPath, ['helpers-real.cjs']).trim());
  });

  for (const [compiler, resolution, module, files] of [
    ...(isLong ? ([['typescript', 'node10', 'commonjs', ['program.ts']]] as const) : []),
    ['typescript-7', 'nodenext', 'nodenext', ['program.mts', 'program.cts']],
    ['typescript-7', 'bundler', 'esnext', ['program.ts']],
  ] as const) {
    test(`${name}: ${files.join(' and ')} compile with ${compiler} and module resolution ${resolution}`, () => {
      const folder = join(project, `types-${folderName(name)}-${compiler}-${resolution}`);
      mkdirSync(folder);
      for (const file of files) writeFileSync(join(folder, file), program);
      const compilerOptions = {
        module,
        moduleResolution: resolution,
        target: 'es2022',
        strict: true,
        esModuleInterop: true,
        noEmit: true,
        types: ['node'],
        typeRoots: [resolve('node_modules/@types')],
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
      run(process.execPath, [resolve('node_modules', compiler, 'bin/tsc'), '-p', folder]);
    });
  }

  test(`${name}: publint finds nothing`, () => {
    run(process.execPath, [resolve('node_modules/publint/src/cli.js'), tarballs.get(name) ?? '', '--strict']);
  });
}

function folderName(name: string): string {
  return name.replaceAll(/\W+/g, '-');
}
