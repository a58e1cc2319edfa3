import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderOf, zeroprom } from '../zeroprom.ts';

type Files = Readonly<Record<string, string | Uint8Array | object>>;

/** A project with these files; objects become JSON. */
function projectOf(t: TestContext, files: Files): string {
  const root = folderOf(t, {})('');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    const isText = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(join(root, name), isText ? content : JSON.stringify(content, undefined, 2));
  }
  return root;
}

const manifest = { name: 'shop', dependencies: { 'prom-client': '^15.1.3' } };
const ALIAS = 'npm:zeroprom-prom-client@^15';

function manifestOf(root: string): Record<string, Record<string, unknown>> {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

test('the report lists the entries to write, the packages that use prom-client and the uses that differ', async (t) => {
  const root = projectOf(t, {
    'package.json': manifest,
    'node_modules/prom-client/package.json': { name: 'prom-client', version: '15.1.3' },
    'node_modules/middleware/package.json': { version: '8.0.0', peerDependencies: { 'prom-client': '>=15' } },
    'node_modules/@scope/old/package.json': { version: '1.0.0', dependencies: { 'prom-client': '^12.0.0' } },
    'node_modules/@scope/old/node_modules/prom-client/package.json': { name: 'prom-client', version: '12.0.0' },
    'node_modules/other/package.json': { version: '1.0.0', dependencies: { express: '5' } },
    'src/app.js':
      "const client = require('prom-client');\n\nclient.collectDefaultMetrics();\nclient.register.metrics();\nclient.register.metrics();\n",
    'src/types.d.ts': "import { Counter } from 'prom-client';",
    'src/part.tsx':
      "import { Summary } from 'prom-client';\nconst a = <b>don't</b>;\n  new Summary({ ageBuckets: 5 });",
  });
  const { code, stdout, stderr } = await zeroprom(['migrate', root]);
  assert.equal(
    stdout,
    `package.json: write: dependencies.prom-client: "^15.1.3" -> "npm:zeroprom-prom-client@^15"
package.json: write: overrides.prom-client: "$prom-client"
node_modules/@scope/old: version 1.0.0 uses prom-client ^12.0.0 (dependency): check by hand: the override gives it version 15.
node_modules/middleware: version 8.0.0 uses prom-client >=15 (peer dependency): no change is needed.
node_modules/@scope/old/node_modules/prom-client: another copy of prom-client, version 12.0.0, with its own registry: the override removes it.
src/app.js:3:1: differs: collectDefaultMetrics(): nodejs_gc_duration_seconds counts every collection, so it rises faster: prom-client counts one of each batch.
src/part.tsx:3:3: differs: new Summary: Quantiles are those of the window: prom-client counts observations once for each age bucket.
Uses that stay the same: 2 (2 × register.metrics()). Uses that differ: 2, to check by hand: 0.
`,
  );
  assert.deepEqual({ code, stderr }, { code: 3, stderr: '' });
  assert.deepEqual(manifestOf(root), manifest);
});

test('a project whose uses all stay the same ends with 0', async (t) => {
  const root = projectOf(t, {
    'package.json': manifest,
    'a.mjs': "import { register } from 'prom-client';\nregister.clear();",
  });
  assert.equal((await zeroprom(['migrate', root])).code, 0);
});

test('a project without prom-client has nothing to change', async (t) => {
  const root = projectOf(t, { 'package.json': { name: 'a' }, 'a.js': 'new Counter();' });
  const { code, stdout } = await zeroprom(['migrate', '--write', root]);
  assert.equal(code, 0);
  assert.match(stdout, /^package\.json: it does not depend on prom-client or @prometheus-io\/client\.\n/);
  assert.deepEqual(manifestOf(root), { name: 'a' });
});

test('--format=json reports every use, with places', async (t) => {
  const root = projectOf(t, { 'package.json': manifest, 'a.js': "\n  require('prom-client').register.clear();" });
  const { stdout } = await zeroprom(['migrate', '--format=json', root]);
  const { uses, edits, packageManager, isWritten } = JSON.parse(stdout);
  assert.deepEqual(uses, [
    { path: 'a.js', line: 2, column: 3, package: 'prom-client', use: 'register.clear()', verdict: 'same', message: '' },
  ]);
  assert.deepEqual(edits[0], { path: ['dependencies', 'prom-client'], before: '^15.1.3', after: ALIAS });
  assert.deepEqual([packageManager, isWritten], ['npm', false]);
});

const managers: readonly (readonly [what: string, files: Files, added: object])[] = [
  ['npm', {}, { overrides: { 'prom-client': '$prom-client' } }],
  ['pnpm', { 'pnpm-lock.yaml': '' }, { pnpm: { overrides: { 'prom-client': ALIAS } } }],
  ['yarn', { 'yarn.lock': '' }, { resolutions: { 'prom-client': ALIAS } }],
  ['bun', { 'bun.lock': '' }, { overrides: { 'prom-client': ALIAS } }],
];

for (const [manager, files, added] of managers) {
  test(`--write changes the dependency and adds the override of ${manager}, once`, async (t) => {
    const root = projectOf(t, { 'package.json': manifest, ...files });
    const { stdout } = await zeroprom(['migrate', '--write', root]);
    const expected = { ...manifest, dependencies: { 'prom-client': ALIAS }, ...added };
    assert.deepEqual(manifestOf(root), expected);
    assert.match(stdout, new RegExp(`^Run "${manager} install" now\\.$`, 'm'));
    const again = await zeroprom(['migrate', '--write', root]);
    assert.match(again.stdout, /^package\.json: nothing to change\.\n/);
    assert.deepEqual(manifestOf(root), expected);
  });
}

test('packageManager has precedence over lock files, and other overrides are kept', async (t) => {
  const json = { ...manifest, packageManager: 'pnpm@9.0.0', pnpm: { overrides: { a: '1' }, patched: {} } };
  const root = projectOf(t, { 'package.json': json, 'yarn.lock': '' });
  await zeroprom(['migrate', '--write', root]);
  assert.deepEqual(manifestOf(root)['pnpm'], { overrides: { a: '1', 'prom-client': ALIAS }, patched: {} });
});

test('a project that uses prom-client only through a package gets an override', async (t) => {
  const root = projectOf(t, {
    'package.json': { name: 'a' },
    'node_modules/m/package.json': { version: '1.0.0', dependencies: { '@prometheus-io/client': '^0.16.1' } },
  });
  await zeroprom(['migrate', '--write', root]);
  assert.deepEqual(manifestOf(root), {
    name: 'a',
    overrides: { '@prometheus-io/client': 'npm:zeroprom-prometheus-io-client@^0.16' },
  });
});

test('packages in the store of pnpm are found', async (t) => {
  const root = projectOf(t, {
    'package.json': manifest,
    'node_modules/.pnpm/m@1.0.0/node_modules/m/package.json': {
      version: '1.0.0',
      dependencies: { 'prom-client': '^15' },
    },
  });
  const { stdout } = await zeroprom(['migrate', root]);
  assert.match(stdout, /^node_modules\/\.pnpm\/m@1\.0\.0\/node_modules\/m: version 1\.0\.0 uses prom-client/m);
});

test('--alias sets the version to write', async (t) => {
  const root = projectOf(t, { 'package.json': { devDependencies: { 'prom-client': '15' } } });
  await zeroprom(['migrate', '--write', '--alias=prom-client=file:a=b.tgz', root]);
  assert.deepEqual(manifestOf(root)['devDependencies'], { 'prom-client': 'file:a=b.tgz' });
  const { code, stderr } = await zeroprom(['migrate', '--alias=other=1', root]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /--alias.* must be NAME=SPECIFIER with one of the names prom-client, @prometheus-io\/client, got other=1\./,
  );
});

for (const [what, before, after] of [
  [
    'tabs',
    '{\n\t"dependencies": {\n\t\t"prom-client": "15"\n\t}\n}\n',
    /^\{\n\t"dependencies": \{\n\t\t"prom-client": "npm:.*\n\t\}\n\}\n$/s,
  ],
  [
    'four spaces and no line feed at the end',
    '{\n    "dependencies": { "prom-client": "15" }\n}',
    /^\{\n {4}"dependencies": \{\n {8}".*\n\}$/s,
  ],
  [
    'line breaks of Windows and a mark',
    '\uFEFF{\r\n  "dependencies": { "prom-client": "15" }\r\n}\r\n',
    /^\uFEFF\{\r\n {2}"dependencies": \{\r\n[^\n]*\r\n.*\}\r\n$/s,
  ],
] as const) {
  test(`--write keeps ${what}`, async (t) => {
    const root = projectOf(t, { 'package.json': before });
    assert.equal((await zeroprom(['migrate', '--write', root])).code, 0);
    assert.match(readFileSync(join(root, 'package.json'), 'utf8'), after);
  });
}

for (const [range, isCompatible] of [
  ['^15.1.3', true],
  ['15', true],
  ['>=12', true],
  ['>=12 <=16', true],
  ['14.x || 15.x', true],
  ['*', true],
  ['10 - 15', true],
  ['>=10 <16', true],
  ['workspace:*', true],
  ['latest', true],
  ['<16', true],
  ['~15.0', true],
  ['', true],
  ['^14.0.0', false],
  ['>=16', false],
  ['<15', false],
  ['12.0.0', false],
  ['10 - 14', false],
  ['^13 || ^14', false],
] as const) {
  test(`the range ${JSON.stringify(range)} ${isCompatible ? 'admits' : 'does not admit'} version 15`, async (t) => {
    const root = projectOf(t, { 'package.json': { dependencies: { 'prom-client': range } } });
    const { stdout } = await zeroprom(['migrate', root]);
    assert.equal(!stdout.includes('zeroprom has the API of version 15'), isCompatible);
  });
}

const invalid: readonly (readonly [what: string, files: Files, message: RegExp])[] = [
  ['without package.json', {}, /cannot read .*package\.json: ENOENT/],
  ['whose package.json is not JSON', { 'package.json': '{' }, /package\.json: it is not valid JSON/],
  ['whose package.json is a list', { 'package.json': '[]' }, /package\.json: it must contain a JSON object\./],
  [
    'whose package.json is large',
    { 'package.json': ' '.repeat(5e6) },
    /it must have at most 4194304 bytes, got 5000000\./,
  ],
];

for (const [what, files, message] of invalid) {
  test(`a project ${what} is an error`, async (t) => {
    const { code, stdout, stderr } = await zeroprom(['migrate', projectOf(t, files)]);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, message);
  });
}

test('a package.json with unexpected values is read as far as possible', async (t) => {
  const json =
    '{"dependencies": ["prom-client"], "devDependencies": {"prom-client": 1}, "__proto__": {"polluted": "1"}, "packageManager": {}}';
  const root = projectOf(t, { 'package.json': json });
  assert.equal((await zeroprom(['migrate', '--write', root])).code, 0);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

test('overrides that are not objects are not replaced', async (t) => {
  const root = projectOf(t, { 'package.json': { ...manifest, overrides: 'none' } });
  const { code, stderr } = await zeroprom(['migrate', '--write', root]);
  assert.equal(code, 1);
  assert.match(stderr, /cannot write .*: overrides must be an object\./);
  assert.equal(manifestOf(root)['overrides'], 'none');
});

test('symbolic links, binary files and hidden folders are not read', async (t) => {
  const source = "require('prom-client').collectDefaultMetrics();";
  const root = projectOf(t, {
    'package.json': manifest,
    'src/a.js': source,
    'src/binary.js': Buffer.from(`\0${source}`),
    '.cache/b.js': source,
    'coverage/c.js': source,
    'readme.txt': source,
  });
  symlinkSync('..', join(root, 'src/loop'));
  symlinkSync('a.js', join(root, 'src/link.js'));
  symlinkSync('..', join(root, 'node_modules'));
  const { stdout } = await zeroprom(['migrate', root]);
  assert.deepEqual(
    stdout.match(/^.*differs: .*$/gm)?.map((line) => line.split(':')[0]),
    ['src/a.js'],
  );
});

test('sources that are too large or nested too deeply are named', async (t) => {
  const root = projectOf(t, { 'package.json': manifest, 'big.js': '' });
  truncateSync(join(root, 'big.js'), 5_000_000);
  const deep = Array.from({ length: 60 }, () => 'd').join('/');
  mkdirSync(join(root, deep), { recursive: true });
  const { code, stdout } = await zeroprom(['migrate', root]);
  assert.equal(code, 3);
  assert.match(stdout, /^big\.js: check by hand: A source may have 4194304 bytes: it was not read\.$/m);
  assert.match(stdout, /^(d\/)+d: check by hand: Folders may be nested 50 deep: those in it were not read\.$/m);
});

test('names of files cannot control the terminal', async (t) => {
  const root = projectOf(t, {
    'package.json': manifest,
    'a\u001b[31m.js': "require('prom-client').collectDefaultMetrics();",
  });
  const { stdout } = await zeroprom(['migrate', root]);
  assert.ok(!stdout.includes('\u001b'));
});
