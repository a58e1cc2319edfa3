import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderOf, zeroprom } from '../zeroprom.ts';

const PROJECT = [
  '.dockerignore',
  '.gitignore',
  'Dockerfile',
  'README.md',
  'grafana/redis-exporter.json',
  'package.json',
  'src/exporter.ts',
  'src/file-systems.ts',
  'test/exporter.test.ts',
  'test/file-systems.test.ts',
  'tsconfig.json',
];

/** An empty folder with this name. */
function emptyFolder(t: TestContext, name = 'redis'): string {
  return folderOf(t, {})(name);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

function manifestOf(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

test('writes an exporter with the name of the folder, and lists its files', async (t) => {
  const folder = emptyFolder(t);
  const { code, stdout, stderr } = await zeroprom(['init', folder]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.deepEqual(filesIn(folder), PROJECT);
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    ...PROJECT.map((path) => `wrote ${join(folder, path)}`),
    `Next: cd ${folder} && npm install && npm test && npm start`,
  ]);
  assert.equal(manifestOf(folder)['name'], 'redis-exporter');
});

test('no placeholder is left in any file', async (t) => {
  const folder = emptyFolder(t);
  await zeroprom([
    'init',
    folder,
    '--port=9121',
    ...['docker', 'systemd', 'kubernetes'].map((each) => `--deploy=${each}`),
  ]);
  for (const path of filesIn(folder)) {
    const text = path + readFileSync(join(folder, path), 'utf8');
    assert.doesNotMatch(text, /my[-_]exporter|\bmy_|MY_EXPORTER|\b2112\b/i, path);
  }
  assert.match(readFileSync(join(folder, 'src/file-systems.ts'), 'utf8'), /up: 'redis_up'/);
  assert.match(
    readFileSync(join(folder, 'src/exporter.ts'), 'utf8'),
    /name: 'redis_exporter',[\s\S]*defaultPort: 9121,/,
  );
});

for (const [deployment, files] of [
  ['none', []],
  ['docker', ['.dockerignore', 'Dockerfile']],
  [
    'kubernetes',
    ['.dockerignore', 'Dockerfile', 'kubernetes/monitor.yml', 'kubernetes/redis-exporter.yml', 'kubernetes/rules.yml'],
  ],
  [
    'systemd',
    [
      'systemd/redis-exporter.service',
      'systemd/redis-exporter.service.d/credentials.conf',
      'systemd/redis-exporter.service.d/socket.conf',
      'systemd/redis-exporter.socket',
    ],
  ],
] as const) {
  test(`--deploy=${deployment} generates ${files.join(', ') || 'no files'} for the deployment`, async (t) => {
    const folder = emptyFolder(t);
    assert.equal((await zeroprom(['init', folder, `--deploy=${deployment}`])).code, 0);
    const basic = PROJECT.filter((path) => !/docker/i.test(path));
    assert.deepEqual(filesIn(folder), [...basic, ...files].sort());
  });
}

for (const [folderName, packageName] of [
  ['redis', 'redis-exporter'],
  ['Redis_Exporter', 'redis-exporter'],
  ['node.js stats', 'node-js-stats-exporter'],
  ['3d-printer', 'd-printer-exporter'],
  ['exporter', 'my-exporter'],
  ['日本', 'my-exporter'],
  ['a'.repeat(80), `${'a'.repeat(31)}-exporter`],
] as const) {
  test(`the exporter in the folder ${folderName.slice(0, 20)} is ${packageName}`, async (t) => {
    const folder = emptyFolder(t, folderName);
    assert.equal((await zeroprom(['init', folder])).code, 0);
    assert.equal(manifestOf(folder)['name'], packageName);
    assert.ok(existsSync(join(folder, `grafana/${packageName}.json`)));
  });
}

for (const [name, problem] of [
  ['Redis', /--name: must have lower-case letters/],
  ['', /--name/],
  ['../x', /--name/],
  ['a b', /--name/],
  ['1x', /start with a letter/],
  ['x'.repeat(41), /at most 40 characters/],
] as const) {
  test(`the name ${JSON.stringify(name.slice(0, 10))} is refused`, async (t) => {
    const folder = emptyFolder(t);
    const { code, stderr } = await zeroprom(['init', folder, `--name=${name}`]);
    assert.equal(code, 1);
    assert.match(stderr, problem);
    assert.equal(existsSync(folder), false);
  });
}

test('a given name is used as it is', async (t) => {
  const folder = emptyFolder(t);
  await zeroprom(['init', folder, '--name=disk_watch']);
  assert.equal(manifestOf(folder)['name'], 'disk-watch');
  assert.match(readFileSync(join(folder, 'src/exporter.ts'), 'utf8'), /name: 'disk_watch'/);
  assert.match(readFileSync(join(folder, 'src/file-systems.ts'), 'utf8'), /up: 'disk_watch_up'/);
});

test('--dry-run writes nothing and prints the files', async (t) => {
  const folder = emptyFolder(t);
  const { code, stdout } = await zeroprom(['init', folder, '--dry-run']);
  assert.equal(code, 0);
  assert.equal(existsSync(folder), false);
  assert.deepEqual(
    stdout.trimEnd().split('\n'),
    PROJECT.map((path) => `would write ${join(folder, path)}`),
  );
});

test('existing files are named, and nothing is written', async (t) => {
  const folder = emptyFolder(t);
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'src/exporter.ts'), 'mine');
  writeFileSync(join(folder, 'tsconfig.json'), 'mine');
  for (const flags of [[], ['--dry-run']]) {
    const { code, stdout, stderr } = await zeroprom(['init', folder, ...flags]);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /these files exist: src\/exporter\.ts, tsconfig\.json\. Use --force/);
    assert.deepEqual(filesIn(folder), ['src/exporter.ts', 'tsconfig.json']);
    assert.equal(readFileSync(join(folder, 'tsconfig.json'), 'utf8'), 'mine');
  }
});

test('a README.md and .gitignore are kept', async (t) => {
  const folder = emptyFolder(t);
  mkdirSync(folder);
  writeFileSync(join(folder, 'README.md'), 'mine');
  writeFileSync(join(folder, '.gitignore'), 'mine');
  const { code, stdout } = await zeroprom(['init', folder]);
  assert.equal(code, 0);
  assert.match(stdout, /^kept .*README\.md$/m);
  for (const name of ['README.md', '.gitignore']) assert.equal(readFileSync(join(folder, name), 'utf8'), 'mine');
  assert.deepEqual(filesIn(folder), PROJECT);
});

test('--force replaces existing files', async (t) => {
  const folder = emptyFolder(t);
  await zeroprom(['init', folder]);
  writeFileSync(join(folder, 'Dockerfile'), 'mine');
  assert.equal((await zeroprom(['init', folder, '--force'])).code, 0);
  assert.match(readFileSync(join(folder, 'Dockerfile'), 'utf8'), /^FROM /m);
});

test('an existing package.json gives the name and keeps its values', async (t) => {
  const folder = emptyFolder(t);
  mkdirSync(folder);
  const mine = {
    name: '@acme/queue',
    version: '3.0.0',
    type: 'module',
    scripts: { test: 'mine', lint: 'mine' },
    dependencies: { zeroprom: 'file:../z.tgz', other: '1' },
    author: 'me',
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(mine));
  assert.equal((await zeroprom(['init', folder])).code, 0);
  const manifest = manifestOf(folder);
  assert.deepEqual({ ...manifest, ...mine }, { ...manifest, scripts: mine.scripts });
  assert.deepEqual(manifest['scripts'], {
    build: 'tsc',
    start: 'npm run --silent build && node dist/src/exporter.js',
    ...mine.scripts,
  });
  assert.ok(Object.hasOwn(manifest['devDependencies'] as object, 'typescript'));
  assert.equal(manifest['private'], undefined);
  assert.match(readFileSync(join(folder, 'src/exporter.ts'), 'utf8'), /name: 'queue_exporter'/);
});

test('the package.json of npm init becomes one of an ES module with tests', async (t) => {
  const folder = emptyFolder(t);
  mkdirSync(folder);
  const scripts = { test: 'echo "Error: no test specified" && exit 1' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'queue', type: 'commonjs', scripts }));
  assert.equal((await zeroprom(['init', folder])).code, 0);
  const { type, scripts: completed } = manifestOf(folder);
  assert.equal(type, 'module');
  assert.match((completed as Record<string, string>)['test'] ?? '', /node --test/);
});

for (const [content, problem] of [
  ['{', /cannot read .*package\.json/],
  ['[]', /it must contain a JSON object\./],
  ['{ "type": "commonjs" }', /package\.json must have "type": "module"/],
] as const) {
  test(`a package.json with ${content} is refused`, async (t) => {
    const folder = emptyFolder(t);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), content);
    const { code, stderr } = await zeroprom(['init', folder]);
    assert.equal(code, 1);
    assert.match(stderr, problem);
    assert.deepEqual(filesIn(folder), ['package.json']);
  });
}

test('--zeroprom takes a version, or the path of a tarball, which becomes relative to the folder', async (t) => {
  const pathOf = folderOf(t, { 'z.tgz': '' });
  for (const [given, specifier] of [
    ['1.2.3', '1.2.3'],
    ['github:acme/zeroprom', 'github:acme/zeroprom'],
    [pathOf('z.tgz'), 'file:../z.tgz'],
    [`file:${pathOf('z.tgz')}`, 'file:../z.tgz'],
  ] as const) {
    await zeroprom(['init', pathOf('p'), '--force', `--zeroprom=${given}`]);
    const { dependencies } = manifestOf(pathOf('p'));
    assert.deepEqual(dependencies, { zeroprom: specifier });
  }
});

test('by default, it depends on the version of the command', async (t) => {
  const folder = emptyFolder(t);
  await zeroprom(['init', folder]);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  assert.deepEqual(manifestOf(folder)['dependencies'], { zeroprom: `^${version}` });
});

test('the port is free', async (t) => {
  const server = createServer();
  server.listen(2112);
  await once(server, 'listening').catch(() => {}); // Another program has the port, which is as good.
  t.after(() => server.close());
  const folder = emptyFolder(t);
  await zeroprom(['init', folder]);
  const [, port] = /defaultPort: (\d+)/.exec(readFileSync(join(folder, 'src/exporter.ts'), 'utf8')) ?? [];
  assert.ok(Number(port) > 2112, port);
});

for (const port of ['0', '65536', '1e3', 'x', '']) {
  test(`the port ${JSON.stringify(port)} is refused`, async (t) => {
    const { code, stderr } = await zeroprom(['init', emptyFolder(t), `--port=${port}`]);
    assert.equal(code, 1);
    assert.match(stderr, /--port/);
  });
}

test('the author comes from git', async (t) => {
  const folder = emptyFolder(t);
  mkdirSync(join(folder, '.git'), { recursive: true });
  for (const [path, text] of Object.entries({
    HEAD: 'ref: refs/heads/main\n',
    config: '[core]\n\trepositoryformatversion = 0\n[user]\n\tname = Ada\n\temail = ada@example.org\n',
  }))
    writeFileSync(join(folder, '.git', path), text);
  mkdirSync(join(folder, '.git/objects'));
  mkdirSync(join(folder, '.git/refs'));
  await zeroprom(['init', folder]);
  assert.equal(manifestOf(folder)['author'], 'Ada <ada@example.org>');
});

test('the next command quotes the folder', async (t) => {
  const folder = emptyFolder(t, "it's new");
  const { stdout } = await zeroprom(['init', folder]);
  assert.match(stdout, /^Next: cd '.*\/it'\\''s new' && npm install/m);
});

test('a file in place of the folder is reported', async (t) => {
  const path = folderOf(t, { file: '' })('file');
  const { code, stderr } = await zeroprom(['init', path]);
  assert.equal(code, 1);
  assert.match(stderr, /cannot (read|write) /);
});

test('two folders are refused', async () => {
  const { code, stderr } = await zeroprom(['init', 'a', 'b']);
  assert.equal(code, 1);
  assert.match(stderr, /at most one folder/);
});
