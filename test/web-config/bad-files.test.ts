/** Web configurations with an invalid file: at the start, in a check, and during a reload. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite, type TestContext, test } from 'node:test';
import { WebConfigFile, webConfigMistake } from '../../src/web-config/web-config-file.ts';
import {
  type BadFile,
  badCertificates,
  badKeys,
  badPems,
  blankFiles,
  damagedFiles,
  unreadableFiles,
} from '../bad-files.ts';
import { start } from '../child.ts';
import { EXPORTER } from '../exporter/programs/exporter-program.ts';
import { Log, startServer } from '../exporter/server/exporter-server.ts';
import { isLong } from '../long.ts';

const FOLDER = 'test/web-config/fixtures';
const read = (name: string) => readFileSync(`${FOLDER}/${name}`, 'utf8');
const pair = (name: string) => ({ cert: read(`${name}.crt`), key: read(`${name}.key`) });
const server = pair('server');

const MUTUAL = `tls_server_config:
  cert_file: server.crt
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.crt
`;

const bad: readonly [file: string, bad: readonly BadFile[]][] = [
  ['ca.crt', [...badPems(read('ca.crt')), ...badCertificates(read('ca.crt'), server.key, read('client.csr'))]],
  ['server.crt', [...badPems(server.cert), ...badCertificates(server.cert, server.key, read('client.csr'))]],
  ['server.key', [...badPems(server.key), ...badKeys(server.cert, server.key, read('client.csr'))]],
];

/** Creates a directory with a web configuration that requires client certificates. */
function mutual(t: TestContext): { readonly folder: string; readonly config: string } {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['ca.crt', 'server.crt', 'server.key']) cpSync(`${FOLDER}/${name}`, join(folder, name));
  const config = join(folder, 'web.yml');
  writeFileSync(config, MUTUAL);
  return { folder, config };
}

/** Returns the status code for a client with a certificate; undefined if it is rejected. */
async function statusFor(port: number, client: RequestOptions): Promise<number | undefined> {
  const asked = request({ port, host: '127.0.0.1', path: '/metrics', agent: false, ca: read('ca.crt'), ...client });
  const answered = once(asked.end(), 'response').catch(() => undefined);
  const [response] = (await answered) ?? [];
  response?.resume();
  return response?.statusCode;
}

for (const [file, kinds] of bad) {
  const all = [...kinds, ...unreadableFiles, ...blankFiles, ...damagedFiles(read(file))];
  suite(`an invalid ${file}`, { concurrency: 4 }, () => {
    for (const [index, { what, put }] of all.entries()) {
      test(`${what}: the check and the start reject it`, async (t) => {
        const { folder, config } = mutual(t);
        put(join(folder, file));
        const mistake = (await webConfigMistake(config)) ?? '';
        assert.match(mistake, new RegExp(`web\\.yml: (client_ca|cert|key)_file [^ ]*/${file}: .`));
        assert.doesNotMatch(mistake, /-----BEGIN/);
        await assert.rejects(WebConfigFile.load(config, new Log()));
      });

      if (!isLong && index % 4 !== 0) continue;
      test(`${what}: a reload keeps the configuration in use, and reports it`, async (t) => {
        const { folder, config } = mutual(t);
        const { port, webConfig, log } = await startServer(t, { file: config });
        assert.ok(webConfig);
        put(join(folder, file));
        for (let count = 0; count < 2; count++) await webConfig.refreshNow();
        assert.equal(webConfig.isLastReloadGood, false);
        assert.deepEqual(log.lines, ['error Reloading the web configuration failed; the last good one stays in use.']);
        await assert.rejects(webConfig.reload(), { message: new RegExp(file) });
        assert.equal(await statusFor(port, pair('client')), 200);
        for (const client of [{}, pair('stranger')]) assert.equal(await statusFor(port, client), undefined);
        rmSync(join(folder, file), { recursive: true, force: true });
        cpSync(`${FOLDER}/${file}`, join(folder, file));
        await webConfig.refreshNow();
        assert.equal(webConfig.isLastReloadGood, true);
      });
    }
  });
}

/** Starts the exporter of the tests as a process. */
function exporter(t: TestContext, config: string, ...args: string[]) {
  return start(t, process.execPath, [
    ...EXPORTER,
    '--web.listen-address=127.0.0.1:0',
    `--web.config.file=${config}`,
    ...args,
  ]);
}

test('an exporter whose client CA file is emptied reports it in its log and its metrics', async (t) => {
  const { folder, config } = mutual(t);
  const child = exporter(t, config);
  const url = await child.metricsUrl();
  const reloads = async () => {
    const asked = request(url, { agent: false, ca: read('ca.crt'), ...pair('client') });
    const [response] = await once(asked.end(), 'response');
    return /^x_exporter_web_config_last_reload_successful (\d)$/m.exec(await text(response))?.[1];
  };
  assert.equal(await reloads(), '1');
  writeFileSync(join(folder, 'ca.crt'), '');
  while ((await reloads()) !== '0') assert.equal(child.process.exitCode, null);
  await child.says(/level=ERROR msg="Reloading the web configuration failed[^"]*" err="[^"]*ca\.crt: must not/);
  assert.equal(await statusFor(Number(new URL(url).port), pair('stranger')), undefined);
});

for (const [what, content] of [
  ['empty', ''],
  ['cut off', read('ca.crt').slice(0, 100)],
  ['a key', server.key],
] as const) {
  test(`--config.check fails if the client CA file is ${what}`, async (t) => {
    const { folder, config } = mutual(t);
    writeFileSync(join(folder, 'ca.crt'), content);
    const check = exporter(t, config, '--config.check');
    assert.equal(await check.ended, 1);
    assert.match(check.stderr(), /client_ca_file [^ ]*ca\.crt: /);
  });
}

const inline = (name: string, pem: string) => `  ${name}: |\n${pem.replace(/^/gm, '    ').trimEnd()}\n`;
const INLINE = { cert: server.cert, key: server.key, client_ca: read('ca.crt') };

for (const [name, pem] of Object.entries(INLINE)) {
  for (const [what, change] of [
    ['cut off', (text: string) => text.slice(0, text.length / 2)],
    ['words', () => 'hello, world'],
    ['another kind', () => (name === 'key' ? server.cert : server.key)],
    ['cut off behind a good one', (text: string) => text + text.slice(0, text.length / 2)],
  ] as const) {
    test(`a text of ${name} that is ${what} is rejected, and a reload keeps the configuration in use`, async (t) => {
      const { config } = mutual(t);
      const written = (texts: object) => {
        const settings = Object.entries(texts).map(([each, text]) => inline(each, text));
        writeFileSync(
          config,
          `tls_server_config:\n  client_auth_type: RequireAndVerifyClientCert\n${settings.join('')}`,
        );
      };
      written(INLINE);
      const webConfig = await WebConfigFile.load(config, new Log());
      const { current } = webConfig;
      written({ ...INLINE, [name]: change(pem) });
      await webConfig.refreshNow();
      assert.equal(webConfig.current, current);
      assert.match((await webConfigMistake(config)) ?? '', new RegExp(`web\\.yml: ${name}: `));
    });
  }
}
