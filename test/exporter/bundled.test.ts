/** Programs that a bundler has joined into one file, in another directory. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { start } from '../child.ts';
import { rawGet } from '../http/raw.ts';

const EXPORTER = `
import { Counter, runExporter } from './index.EXT';

class Collected {
  collect() {
    return [{ name: 'collected', help: 'Help.', type: 'gauge', points: [{ value: 2 }] }];
  }
}
new Counter({ name: 'c_total', help: 'Help.' }).inc();
runExporter({
  name: 'x_exporter',
  defaultPort: 0,
  collectors: { collected: { help: 'Help.', create: () => new Collected() } },
});`;

/** Prints the families parsed from all formats, without times. */
const FORMATS = `
import { Counter, Gauge, Histogram, Registry, StateSet } from './index.EXT';
import { encodeGathering, formats } from './exposition.EXT';
import { parse } from './parse.EXT';

const registry = new Registry({ selfMetrics: false });
new Counter({ name: 'c_total', help: 'Help.', registry }).inc(2 ** 60);
new Gauge({ name: 'g', help: 'Help.', labelNames: ['a'], registry }).set({ a: 'é' }, -0.5);
new Histogram({ name: 'h', help: 'Help.', buckets: [1, 2], registry }).observe(1.5);
new Histogram({ name: 'n', help: 'Help.', native: {}, registry }).observe(-3);
new StateSet({ name: 's', help: 'Help.', states: ['a', 'b'], registry }).set('a');
registry.gather().then((gathering) => {
  for (const format of formats) {
    const families = parse(encodeGathering(gathering, format), format.contentType);
    console.log(JSON.stringify(families, (key, value) => (key === 'startTimestamp' ? undefined : value)));
  }
});`;

/** Replaces the module that bundles the client of the status page, as the build does. */
const withoutClient: Plugin = {
  name: 'without-client',
  setup({ onLoad }) {
    onLoad({ filter: /client-assets\.ts$/ }, () => ({
      contents: "export const clientAssets = { script: '', style: '' };",
    }));
  },
};

/** Bundles a program with the sources or with `dist/` into a new directory, and returns its path. */
async function bundled(t: TestContext, program: string, options: BuildOptions): Promise<string> {
  const outdir = mkdtempSync(join(tmpdir(), 'zeroprom-bundled-'));
  t.after(() => rmSync(outdir, { recursive: true }));
  const isSource = options.tsconfigRaw !== undefined;
  const extension = options.format === 'cjs' ? '.cjs' : '.mjs';
  const { warnings } = await build({
    stdin: {
      contents: program.replaceAll('EXT', isSource ? 'ts' : 'js'),
      resolveDir: resolve(isSource ? 'src' : 'dist'),
      sourcefile: 'program.js',
    },
    bundle: true,
    platform: 'node',
    plugins: [withoutClient],
    outdir,
    entryNames: 'renamed',
    outExtension: { '.js': extension },
    logLevel: 'silent',
    ...options,
  });
  // Node.js supports big integers, whatever the target. The build replaces the modules that use import.meta.
  const isExpected = (text: string) =>
    text.startsWith('Big integer literals') || (isSource && text.startsWith('"import.meta" is not available'));
  const others = warnings.map(({ text }) => text).filter((text) => !isExpected(text));
  assert.deepEqual(others, []);
  assert.equal(readdirSync(outdir).length > 1, options.splitting === true);
  return join(outdir, `renamed${extension}`);
}

const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

const variants: readonly BuildOptions[] = [
  { format: 'esm' },
  { format: 'cjs' },
  { format: 'esm', minify: true, keepNames: true },
  { format: 'cjs', minify: true, keepNames: true },
  { format: 'esm', target: 'es2015' },
  { format: 'cjs', target: 'es2015', minify: true, keepNames: true },
  { format: 'esm', target: 'es2017', minifyIdentifiers: true },
  { format: 'cjs', target: 'es2020', minifySyntax: true, sourcemap: 'inline' },
  { format: 'esm', splitting: true, minify: true, keepNames: true },
  { format: 'esm', tsconfigRaw: {}, minify: true, keepNames: true },
  { format: 'cjs', tsconfigRaw: {}, target: 'es2015' },
  { format: 'cjs', define: { 'import.meta': '{}', __dirname: '""', __filename: '""' } },
];

suite('a bundled program', { concurrency: 3 }, () => {
  for (const format of ['esm', 'cjs'] as const) {
    for (const importsReader of [true, false]) {
      test(`${importsReader ? 'reads' : 'cannot read'} overrides as ${format}`, async (t) => {
        const path = join(mkdtempSync(join(tmpdir(), 'zeroprom-overrides-')), 'overrides.yml');
        t.after(() => rmSync(dirname(path), { recursive: true }));
        writeFileSync(path, 'metrics: { c_total: { rename: d_total } }');
        const first = importsReader ? "import './overrides.EXT';" : '';
        const program = await bundled(t, first + EXPORTER, { format });
        const args = [program, '--web.listen-address=127.0.0.1:0'];
        const child = start(t, process.execPath, args, { ZEROPROM_OVERRIDES: path }, '/');
        if (importsReader) {
          assert.match((await rawGet(await child.metricsUrl())).body, /^d_total 1$/m);
        } else {
          assert.equal(await child.ended, 1);
          assert.match(child.stderr(), /a bundle cannot read it unless import 'zeroprom\/overrides' is the first line/);
        }
      });
    }
  }

  for (const options of variants) {
    test(`is an exporter that checks passwords: ${JSON.stringify(options)}`, async (t) => {
      const config = resolve('test/web-config/fixtures/users.good.yml');
      const program = await bundled(t, EXPORTER, options);
      const args = [program, '--web.listen-address=127.0.0.1:0', `--web.config.file=${config}`];
      const child = start(t, process.execPath, ['--disallow-code-generation-from-strings', ...args], {}, '/');
      const url = await child.metricsUrl();
      for (const [user, password, status] of [
        ['alice', 'alice-pass', 200],
        ['bob', 'bob-pass', 200],
        ['dora', 'dora-pass', 200],
        ['dora', 'alice-pass', 401],
        ['eve', 'eve-pass', 401],
      ] as const) {
        assert.equal((await rawGet(url, basic(user, password))).status, status, `${user}: ${child.stderr()}`);
      }
      const { body } = await rawGet(url, basic('alice', 'alice-pass'));
      for (const line of [/^c_total 1$/m, /^collected 2$/m, /^x_exporter_build_info\{/m, /^process_open_fds /m]) {
        assert.match(body, line);
      }
    });
  }

  test('writes and reads all formats as the package itself does', async (t) => {
    const run = async (options: BuildOptions) => {
      const child = start(t, process.execPath, [await bundled(t, FORMATS, options)]);
      assert.equal(await child.ended, 0, child.stderr());
      return child.stdout();
    };
    const expected = await run({ format: 'esm' });
    assert.match(expected, /"name":"c_total",.*"name":"n",.*"name":"s",/);
    assert.equal(await run({ format: 'esm', target: 'es2015' }), expected);
    assert.equal(await run({ format: 'cjs', target: 'es2015', minify: true, keepNames: true }), expected);
  });
});
