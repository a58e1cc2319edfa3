/** Runs or checks every code block of the documentation, and checks links, paths and the form of the changelog. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { EXPORTER_OPTIONS } from '../src/exporter/exporter-options.ts';
import { readOverrides } from '../src/overrides/index.ts';
import { webConfigMistake } from '../src/web-config/web-config-file.ts';
import { start } from './child.ts';
import { checkDeploymentCommand } from './deploy/commands.ts';
import { type Block, blocksOf, isTutorial } from './doc-blocks.ts';
import { needs, type Program, runInstalled } from './installed-programs.ts';

const { scripts, exports, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'RELEASE.md'];
const pages = [...documents, ...readdirSync('docs').map((name) => join('docs', name))].filter((name) =>
  name.endsWith('.md'),
);

/** Checks by the kind of block. */
const checks: Readonly<Record<string, (t: TestContext, block: Block) => unknown>> = {
  ts: runProgram,
  sh: (t, { code }) => Promise.all(commandsOf(code).map((command) => runCommand(t, command))),
  'sh deploy': (_, { code }) => commandsOf(code).forEach(checkDeploymentCommand),
  'sh docker': (_, { code }) => commandsOf(code).forEach(checkContainerCommand),
  'json alias': checkAlias,
  'yaml alertmanager': checkAlertmanager,
  'ts source': checkQuote,
  'yaml prometheus': checkPrometheus,
  'yaml prometheus agent': checkAgent,
  'yaml overrides': (_, { code, where }) => assert.ok(readOverrides(code, where).metrics.length > 0),
  'yaml web-config': checkWebConfig,
  text: (_, { code }) => assert.ok(code.length > 0),
};

/** The blocks of tutorials are executed in order, by `tutorials.test.ts`. */
const blocks = pages.filter((page) => !isTutorial(page)).flatMap(blocksOf);
const programs = compiled(blocks.filter(({ kind }) => kind === 'ts'));

for (const block of blocks) {
  test(`${block.where} (${block.kind}) works`, needs(...programsOf(block)), async (t) => {
    const check = checks[block.kind.replace(/ (?:examples|test)\/.*/, ' source')];
    assert.ok(check, `there is no check for a block of kind "${block.kind}"`);
    await check(t, block);
  });
}

for (const page of pages) {
  test(`${page} links to files that exist`, () => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
    assert.deepEqual(
      links.filter((link) => !existsSync(resolve(page, '..', link))),
      [],
    );
  });
}

test('docs/entry-points.md lists each subpath with its contents', () => {
  const rows = [...readFileSync('docs/entry-points.md', 'utf8').matchAll(/^\| `(zeroprom[^`]*)` \| .+ \|$/gm)];
  const subpaths = Object.keys(exports).filter((subpath) => subpath !== './package.json');
  assert.deepEqual(rows.map(([, name]) => name).sort(), subpaths.map((subpath) => join('zeroprom', subpath)).sort());
});

test('CHANGELOG.md has one line per change, with the area first', () => {
  const lines = readFileSync('CHANGELOG.md', 'utf8').split('\n');
  const changes = lines.slice(lines.findIndex((line) => line.startsWith('## '))).filter((line) => line !== '');
  assert.deepEqual(
    changes.filter((line) => !/^(?:##|###|- [a-z-]+:) /.test(line)),
    [],
  );
  const bullets = changes.filter((line) => line.startsWith('- '));
  assert.deepEqual(
    bullets.filter((line, index) => bullets.indexOf(line) !== index),
    [],
  );
});

for (const page of pages) {
  test(`${page} links to headings that exist`, () => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)];
    const missing = links.filter(([, file = '', anchor = '']) => {
      const target = file === '' ? page : resolve(page, '..', file);
      return !anchorsOf(target).includes(anchor);
    });
    assert.deepEqual(
      missing.map(([link]) => link),
      [],
    );
  });

  test(`${page} names source files that exist`, () => {
    const paths = [...readFileSync(page, 'utf8').matchAll(/`((?:[\w-]+\/)+[\w.-]+\.(?:ts|yml|json))`/g)];
    const missing = paths
      .map(([, path = '']) => path)
      .filter((path) => !path.includes('NAME') && !existsSync(path) && !existsSync(join('src', path)));
    assert.deepEqual(missing, []);
  });
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): string[] {
  const headings = [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)];
  return headings.map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Compiles all programs at once: starting a compiler for each would take most of the time. */
function compiled(blocks: readonly Block[]): ReadonlyMap<Block, string> {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-docs-'));
  const nameOf = ({ where }: Block) => where.replaceAll(/\W/g, '-');
  for (const block of blocks) writeFileSync(join(folder, `${nameOf(block)}.ts`), block.code);
  const flags = '--ignoreConfig --noCheck --noResolve --target es2023 --module preserve'.split(' ');
  const files = blocks.map((block) => join(folder, `${nameOf(block)}.ts`));
  execFileSync(process.execPath, ['node_modules/typescript-7/bin/tsc', ...flags, ...files], { stdio: 'inherit' });
  const programs = blocks.map((block) => [block, readFileSync(join(folder, `${nameOf(block)}.js`), 'utf8')] as const);
  rmSync(folder, { recursive: true });
  return new Map(programs);
}

/** Runs a program that imports the package as a user would. Servers are scraped, other programs must end with 0. */
async function runProgram(t: TestContext, block: Block): Promise<void> {
  const { code } = block;
  const folder = projectWithPackage(t, packagesIn(code));
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  writeFileSync(join(folder, 'program.js'), programs.get(block) ?? '');
  const program = start(t, process.execPath, [join(folder, 'program.js')], {
    PORT: String(port),
    ...environmentOf(code, port),
  });
  if (!/runExporter|listen\(/.test(code)) {
    assert.equal(await program.ended, 0, program.stderr());
    return;
  }
  const text = await metricsOf(port, program.ended);
  for (const [, name = ''] of code.matchAll(/name: '(\w+)', help/g))
    assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'));
  program.process.kill('SIGTERM');
  // Exporters, and programs that listen for the signal, stop gracefully.
  assert.equal(await program.ended, /runExporter|'SIGTERM'/.test(code) ? 0 : 'SIGTERM');
}

/** Makes an exporter listen on this port. */
function environmentOf(code: string, port: number): NodeJS.ProcessEnv {
  const [, name] = /name: '(\w+_exporter)'/.exec(code) ?? [];
  return name === undefined ? {} : { [`${name.toUpperCase()}_WEB_LISTEN_ADDRESS`]: `127.0.0.1:${port}` };
}

async function metricsOf(port: number, ended: Promise<unknown>): Promise<string> {
  let isRunning = true;
  void ended.then(() => {
    isRunning = false;
  });
  while (isRunning) {
    try {
      return await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('The program ended before it served anything.');
}

/** Installed packages that a program imports besides this one, such as frameworks. */
function packagesIn(code: string): string[] {
  const names = [...code.matchAll(/from '((?:@[\w-]+\/)?[\w-]+)/g)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'zeroprom' && existsSync(join('node_modules', name)));
}

function projectWithPackage(t: TestContext, packages: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-docs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(process.cwd(), join(folder, 'node_modules/zeroprom'));
  for (const name of packages) {
    mkdirSync(join(folder, 'node_modules', dirname(name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}

function commandsOf(code: string): string[] {
  return code
    .split('\n')
    .map((line) => line.replace(/ +#.*/, '').trim())
    .filter((line) => line !== '');
}

/** Installed programs that the check of a block starts. */
function programsOf({ kind, code }: Block): Program[] {
  if (kind === 'yaml alertmanager') return ['amtool'];
  if (kind.startsWith('yaml prometheus')) return ['promtool'];
  if (kind !== 'sh') return [];
  const programs = ['amtool', 'curl', 'promtool'] as const;
  return programs.filter((program) => commandsOf(code).some((command) => command.startsWith(`${program} `)));
}

/** Runs a command; npm scripts only have to exist, because running the tests would not end. */
async function runCommand(t: TestContext, command: string): Promise<void> {
  if (command.includes('npm pack') || command.startsWith('npm install')) return runInstallation(t, command);
  const [, script] = /^npm (?:run )?(?!ci)(\S+)(?: -- .*)?$/.exec(command.replace('npm ci && ', '')) ?? [];
  if (command === 'npm ci') return assert.ok(existsSync('package-lock.json'));
  if (script !== undefined) return assert.ok(Object.hasOwn(scripts, script), `there is no script ${script}`);
  if (command.includes('npx zeroprom ')) return runZeroprom(t, command);
  if (command.startsWith('curl ')) return runCurl(t, command);
  const [, tool, rest] = /^(promtool|amtool) (.+)$/.exec(command) ?? [];
  assert.ok(tool === 'promtool' || tool === 'amtool', `there is no check for the command "${command}"`);
  const shell = start(t, 'bash', ['-c', `${tool} ${rest}`]);
  assert.equal(await shell.ended, 0, shell.stdout() + shell.stderr());
}

/** Packs the tarball and installs it offline. Commands that need the registry are only compared. */
async function runInstallation(t: TestContext, command: string): Promise<void> {
  const [, packed] = /^npm pack \.\/(\S+)$/.exec(command) ?? [];
  if (packed !== undefined) return assert.ok(existsSync(join(packed, 'package.json')));
  if (command === 'npm install zeroprom' || command === 'npm ci && npm run build && npm pack') return;
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-docs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'package.json'), '{}');
  const pack = start(t, 'npm', ['pack', '--pack-destination', folder]);
  assert.equal(await pack.ended, 0, pack.stderr());
  assert.equal(command, `npm install ../zeroprom/zeroprom-${version}.tgz`);
  const line = `${command.replace('../zeroprom/', './')} --offline`;
  const install = start(t, 'bash', ['-c', line], {}, folder);
  assert.equal(await install.ended, 0, install.stderr());
  assert.ok(existsSync(join(folder, 'node_modules/zeroprom/dist/index.js')));
}

/** Runs curl against the example exporter on a free port. */
async function runCurl(t: TestContext, command: string): Promise<void> {
  const exporter = start(t, process.execPath, ['dist/server.js', '--web.listen-address=127.0.0.1:0']);
  const { host } = new URL(await exporter.metricsUrl());
  const curl = start(t, 'bash', ['-c', command.replace('localhost:2112', host)]);
  assert.equal(await curl.ended, 0, curl.stderr());
  const shown = blocksOf('README.md').find(({ kind, code }) => kind === 'text' && code.includes('example_total{'));
  assert.ok(shown, 'README.md must show the lines of the example exporter.');
  const withoutValues = (text: string) => text.replace(/^(\w+\{.*\}) .+$/gm, '$1');
  const page = `\n${withoutValues(curl.stdout())}`;
  assert.ok(
    page.includes(`\n${withoutValues(shown.code)}`),
    `The exposition does not contain the lines of README.md:${page}`,
  );
}

/** Runs the command in a folder with expositions, and against the example exporter on a free port. */
async function runZeroprom(t: TestContext, command: string): Promise<void> {
  const flags = ['--web.listen-address=127.0.0.1:0', '--web.disable-exporter-metrics'];
  const exporter = start(t, process.execPath, ['dist/server.js', ...flags]);
  const { host } = new URL(await exporter.metricsUrl());
  const folder = projectWithPackage(t, []);
  for (const name of ['metrics.prom', 'before.prom', 'after.prom']) {
    writeFileSync(join(folder, name), '# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\njobs_total 1\n');
  }
  writeFileSync(join(folder, 'token'), 'A token.');
  const line = command
    .replaceAll('npx zeroprom', `'${process.execPath}' '${resolve('dist/cli.js')}'`)
    .replaceAll('localhost:2112', host)
    .replace(/--watch(=\S+)?/, '--watch=100ms --count=2');
  if (command.startsWith('npx zeroprom page ')) return servesPage(t, `cd '${folder}' && exec ${line}`);
  const shell = start(t, 'bash', ['-c', `set -o pipefail; cd '${folder}' && ${line}`]);
  assert.equal(await shell.ended, 0, shell.stdout() + shell.stderr());
}

/** Runs a command that serves a page until a signal ends it. */
async function servesPage(t: TestContext, line: string): Promise<void> {
  const shell = start(t, 'bash', ['-c', line]);
  assert.ok(shell.process.stdout);
  await Promise.race([once(shell.process.stdout, 'data'), shell.ended]);
  const [, url] = /^Serving the page at (\S+)\n$/.exec(shell.stdout()) ?? [];
  assert.ok(url !== undefined, shell.stdout() + shell.stderr());
  assert.equal((await fetch(url)).status, 200);
  shell.process.kill('SIGINT');
  assert.equal(await shell.ended, 130);
}

/** A package.json with an alias: tarballs are packed and installed offline; a version to be published must admit ours. */
async function checkAlias(t: TestContext, { code }: Block): Promise<void> {
  const { dependencies } = JSON.parse(code);
  const { name, version: aliasVersion } = JSON.parse(readFileSync('packages/prom-client/package.json', 'utf8'));
  if (dependencies['prom-client'].startsWith('npm:')) {
    assert.equal(dependencies['prom-client'], `npm:${name}@^${aliasVersion.split('.')[0]}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-docs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'package.json'), code);
  for (const line of [
    `npm pack --pack-destination '${folder}' . ./packages/prom-client`,
    `cd '${folder}' && npm install --offline --no-audit --no-fund && node -p "require('prom-client').Counter.name"`,
  ]) {
    const shell = start(t, 'bash', ['-c', line]);
    assert.equal(await shell.ended, 0, shell.stdout() + shell.stderr());
  }
}

function checkContainerCommand(command: string): void {
  assert.match(command, /^docker (compose|build|run) /);
  for (const [path] of command.matchAll(/\bdeploy\/\S+/g)) assert.ok(existsSync(path), `there is no ${path}`);
}

async function checkWebConfig(t: TestContext, { code }: Block): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-docs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync('test/web-config/fixtures', folder, { recursive: true });
  writeFileSync(join(folder, 'web.yml'), code);
  assert.equal(await webConfigMistake(join(folder, 'web.yml')), undefined);
}

/** `test/e2e/agent.test.ts` also runs an agent with it. */
function checkAgent(t: TestContext, { code }: Block): void {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-docs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'agent.yml'), code);
  runInstalled('promtool', ['check', 'config', '--agent', join(folder, 'agent.yml')]);
}

/** A quotation of a file, which may be indented further there. */
function checkQuote(_: TestContext, { kind, code }: Block): void {
  const source = readFileSync(kind.replace(/^\w+ /, ''), 'utf8');
  const unindented = (text: string) => text.replaceAll(/^ +/gm, '');
  assert.ok(unindented(source).includes(unindented(code)), `${kind} does not contain:\n${code}`);
}

test('docs/writing-an-exporter.md lists each option of runExporter()', () => {
  const section = readFileSync('docs/writing-an-exporter.md', 'utf8').split('## All options')[1]?.split('## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| (`.+?) \| /gm)].flatMap(([, names = '']) =>
    names.replaceAll('`', '').split(', '),
  );
  assert.deepEqual(rows.sort(), Object.keys(EXPORTER_OPTIONS).sort());
});

/** Files that the configuration names are those of the tests of the web configuration. */
function checkPrometheus(t: TestContext, { code }: Block): void {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-docs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync('test/web-config/fixtures', folder, { recursive: true });
  writeFileSync(join(folder, 'prometheus.yml'), code);
  runInstalled('promtool', ['check', 'config', join(folder, 'prometheus.yml')]);
}

function checkAlertmanager(t: TestContext, { code }: Block): void {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-docs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'alertmanager.yml'), code);
  runInstalled('amtool', ['check-config', join(folder, 'alertmanager.yml')]);
}
