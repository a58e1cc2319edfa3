/** Detection of changes of a web configuration and of the files that it names. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { WebConfigFile } from '../../src/web-config/web-config-file.ts';
import { Log } from '../exporter/server/exporter-server.ts';

const FOLDER = 'test/web-config/fixtures';
const HASH = '$2b$04$9kRVq9V0BqF39.MDLbHFw.BOw39OVQ6l6HgK6M7nQFt5BuqbST17a';
const user = (name: string) => `basic_auth_users:\n  ${name}: ${HASH}\n`;
const TLS = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n';

/** Creates a directory with a web configuration and the files that it may name. */
function folderWith(t: TestContext, text: string): { readonly folder: string; readonly file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['server.crt', 'server.key', 'ca.crt']) cpSync(`${FOLDER}/${name}`, join(folder, name));
  const file = join(folder, 'web.yml');
  writeFileSync(file, text);
  return { folder, file };
}

async function load(t: TestContext, file: string, log = new Log()): Promise<WebConfigFile> {
  const config = await WebConfigFile.load(file, log);
  t.after(() => config.close());
  return config;
}

const usersOf = ({ current }: WebConfigFile) => [...current.config.users.keys()];

test('a change during a reload is detected afterwards', async (t) => {
  const { file } = folderWith(t, user('first'));
  const config = await load(t, file);
  config.onChange(() => {
    if (usersOf(config)[0] === 'second') writeFileSync(file, user('third'));
  });
  writeFileSync(file, user('second'));
  await config.reload();
  assert.deepEqual(usersOf(config), ['second']);
  await config.refreshNow();
  assert.deepEqual(usersOf(config), ['third']);
});

test('a change during the start is detected afterwards', async (t) => {
  const { file } = folderWith(t, `${TLS}http_server_config:\n  http2: true\n${user('first')}`);
  const log = new Log();
  const changing = { ...log, info: () => writeFileSync(file, TLS + user('second')) };
  const config = await load(t, file, Object.assign(log, changing));
  await config.refreshNow();
  assert.deepEqual(usersOf(config), ['second']);
});

for (const name of ['server.crt', 'ca.crt'] as const) {
  test(`a change of ${name} during a reload is detected afterwards`, async (t) => {
    const clients = '  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n';
    const { folder, file } = folderWith(t, TLS + clients);
    const config = await load(t, file);
    const before = readFileSync(join(folder, name), 'utf8');
    let isChanged = false;
    config.onChange(() => {
      if (!isChanged) writeFileSync(join(folder, name), `# A comment.\n${before}`);
      isChanged = true;
    });
    await config.reload();
    const { current } = config;
    await config.refreshNow();
    assert.notEqual(config.current, current);
  });
}

test('a certificate and a key that are replaced one after the other are used once they match', async (t) => {
  const { folder, file } = folderWith(t, TLS);
  const log = new Log();
  const config = await load(t, file, log);
  const { current } = config;
  cpSync(`${FOLDER}/server2.crt`, join(folder, 'server.crt'));
  await config.refreshNow();
  assert.equal(config.current, current);
  cpSync(`${FOLDER}/server2.key`, join(folder, 'server.key'));
  await config.refreshNow();
  assert.notEqual(config.current, current);
  assert.equal(config.isLastReloadGood, true);
});

for (const [how, replace] of [
  ['in place', (file: string, text: string) => writeFileSync(file, text)],
  [
    'by a rename',
    (file: string, text: string) => {
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
    },
  ],
] as const) {
  test(`a file of the same size and time that is written ${how} is detected as changed`, async (t) => {
    const { file } = folderWith(t, user('alice'));
    const config = await load(t, file);
    const { atime, mtime } = statSync(file);
    replace(file, user('carol'));
    utimesSync(file, atime, mtime);
    await config.refreshNow();
    assert.deepEqual(usersOf(config), ['carol']);
  });
}

test('a file that is only touched is not reloaded', async (t) => {
  const { file } = folderWith(t, user('alice'));
  const log = new Log();
  const config = await load(t, file, log);
  utimesSync(file, new Date(0), new Date(0));
  await config.refreshNow();
  assert.deepEqual(log.lines, []);
});

test('a file that only a failed configuration names is watched', async (t) => {
  const { folder, file } = folderWith(t, TLS);
  const config = await load(t, file);
  writeFileSync(file, TLS.replaceAll('server.', 'server2.'));
  await config.refreshNow();
  assert.equal(config.isLastReloadGood, false);
  for (const kind of ['crt', 'key']) cpSync(`${FOLDER}/server2.${kind}`, join(folder, `server2.${kind}`));
  await config.refreshNow();
  assert.equal(config.isLastReloadGood, true);
});

test('concurrent reloads end with the contents that were written last', async (t) => {
  const { file } = folderWith(t, user('alice'));
  const config = await load(t, file);
  const reloads = Array.from({ length: 20 }, (_, index) => {
    writeFileSync(file, user(`user${index}`));
    return index % 2 === 0 ? config.reload() : config.refreshNow();
  });
  await Promise.all(reloads);
  assert.deepEqual(usersOf(config), ['user19']);
});
