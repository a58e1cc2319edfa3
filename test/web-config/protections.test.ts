/** A reload removes passwords, client certificates and other protections only if the file says so explicitly. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { WebConfigFile, webConfigMistake } from '../../src/web-config/web-config-file.ts';
import { type BadFile, blankFiles, damagedFiles, unreadableFiles } from '../bad-files.ts';
import { Log, startServer } from '../exporter/server/exporter-server.ts';
import { rawGet } from '../http/raw.ts';

const FOLDER = resolve('test/web-config/fixtures');
const HASH = '$2b$04$9kRVq9V0BqF39.MDLbHFw.BOw39OVQ6l6HgK6M7nQFt5BuqbST17a';
const USERS = `basic_auth_users:\n  alice: ${HASH}\n`;
const HEADERS = 'http_server_config:\n  headers:\n    X-Frame-Options: deny\n';
const TLS = `tls_server_config:\n  cert_file: ${FOLDER}/server.crt\n  key_file: ${FOLDER}/server.key\n`;
const CLIENTS = `  client_ca_file: ${FOLDER}/ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n`;
const SANS = '  client_allowed_sans: [client.example]\n';
const CIPHERS = '  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n';

/** Writes a web configuration to a new file. */
async function loaded(t: TestContext, text: string): Promise<{ file: string; config: WebConfigFile; log: Log }> {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'web.yml');
  writeFileSync(file, text);
  const log = new Log();
  const config = await WebConfigFile.load(file, log);
  t.after(() => config.close());
  return { file, config, log };
}

const lost: readonly [what: string, before: string, after: string, message: RegExp][] = [
  ['a comment only', USERS, '# users\n', /the file is empty; write \{\} for a configuration without settings/],
  ['a document without content', USERS, '---\n', /the file is empty/],
  ['a document of nothing', USERS, 'null\n', /the file is empty/],
  ['no settings', USERS, '{}\n', /basic_auth_users is missing or has no value.*write "basic_auth_users: \{\}"/],
  ['users without a value', USERS, 'basic_auth_users:\n', /basic_auth_users is missing or has no value/],
  ['users and a comment below', USERS, 'basic_auth_users:\n  # alice\n', /basic_auth_users is missing/],
  ['users that are null', USERS, 'basic_auth_users: null\n', /basic_auth_users is missing/],
  ['users that are ~', USERS, 'basic_auth_users: ~\n', /basic_auth_users is missing/],
  ['users that are an empty text', USERS, 'basic_auth_users: ""\n', /must be a map of settings/],
  ['another section', USERS + HEADERS, HEADERS, /basic_auth_users is missing/],
  ['no users behind TLS', USERS + TLS, TLS, /basic_auth_users is missing/],
  ['no users in a JSON document', USERS, '{"http_server_config": {}}', /basic_auth_users is missing/],
  ['no headers', USERS + HEADERS, USERS, /headers is missing.*write "headers: \{\}"/],
  ['a section without its headers', HEADERS, 'http_server_config:\n  http2: false\n', /headers is missing/],
  ['headers without a value', HEADERS, 'http_server_config:\n  headers:\n', /headers is missing/],
  ['no TLS', USERS + TLS, USERS, /turning TLS on or off needs a restart/],
  ['TLS without a value', USERS + TLS, `${USERS}tls_server_config:\n`, /turning TLS on or off needs a restart/],
  ['TLS that is off', USERS + TLS, `${USERS}tls_server_config: {}\n`, /turning TLS on or off needs a restart/],
  [
    'files of TLS that have no names',
    TLS,
    'tls_server_config:\n  cert_file:\n  key_file: ""\n',
    /turning TLS on or off/,
  ],
  ['no policy for clients', TLS + CLIENTS, TLS, /client_auth_type is missing.*write "client_auth_type: NoClientCert"/],
  ['a policy without a value', TLS + CLIENTS, `${TLS}  client_auth_type:\n`, /client_auth_type is missing/],
  ['an authority without a policy', TLS + CLIENTS, TLS + CLIENTS.split('\n')[0], /without a Client Auth Policy/],
  ['a policy without an authority', TLS + CLIENTS, TLS + CLIENTS.split('\n')[1], /needs client_ca or client_ca_file/],
  ['no names of clients', TLS + CLIENTS + SANS, TLS + CLIENTS, /client_allowed_sans is missing.*restart/],
  ['names that are an empty list', TLS + CLIENTS + SANS, `${TLS}${CLIENTS}  client_allowed_sans: []`, /not be empty/],
  ['no lowest version', `${TLS}  min_version: TLS13\n`, TLS, /min_version is missing.*write "min_version: TLS12"/],
  ['no cipher suites', TLS + CIPHERS, TLS, /cipher_suites is missing.*write "cipher_suites: \[\]"/],
];

for (const [what, before, after, message] of lost) {
  test(`a reload with ${what} is rejected`, async (t) => {
    const { file, config, log } = await loaded(t, before);
    const { current } = config;
    writeFileSync(file, after);
    for (let count = 0; count < 2; count++) await config.refreshNow();
    assert.equal(config.current, current);
    assert.equal(config.isLastReloadGood, false);
    assert.deepEqual(log.lines, ['error Reloading the web configuration failed; the last good one stays in use.']);
    await assert.rejects(config.reload(), { message });
    writeFileSync(file, before);
    await config.refreshNow();
    assert.equal(config.isLastReloadGood, true);
  });
}

const meant: readonly [what: string, before: string, after: string][] = [
  ['no users, as a map', USERS, 'basic_auth_users: {}\n'],
  ['no users, behind TLS', USERS + TLS, `${TLS}basic_auth_users: { }\n`],
  ['fewer users', `${USERS}  bob: ${HASH}\n`, USERS],
  ['other users', USERS, `basic_auth_users:\n  bob: ${HASH}\n`],
  ['no headers, as a map', HEADERS, 'http_server_config:\n  headers: {}\n'],
  ['no client certificates, by name', TLS + CLIENTS, `${TLS}  client_auth_type: NoClientCert\n`],
  ['no client certificates and no names', TLS + CLIENTS + SANS, `${TLS}  client_auth_type: RequestClientCert\n`],
  ['other names', TLS + CLIENTS + SANS, `${TLS}${CLIENTS}  client_allowed_sans: [other.example]\n`],
  ['a lower version, by name', `${TLS}  min_version: TLS13\n`, `${TLS}  min_version: TLS12\n`],
  ['all cipher suites, as a list', TLS + CIPHERS, `${TLS}  cipher_suites: []\n`],
  ['no rate limit, which stays until a restart', 'rate_limit:\n  interval: 1s\n', '{}\n'],
  ['a first user', HEADERS, HEADERS + USERS],
  ['the same', USERS + TLS + CLIENTS + SANS + HEADERS, `# A comment.\n${USERS}${TLS}${CLIENTS}${SANS}${HEADERS}`],
];

for (const [what, before, after] of meant) {
  test(`a reload with ${what} is accepted`, async (t) => {
    const { file, config } = await loaded(t, before);
    const { current } = config;
    writeFileSync(file, after);
    await config.refreshNow();
    assert.notEqual(config.current, current);
    assert.equal(config.isLastReloadGood, true);
  });
}

const FULL_TLS = `${TLS}${CLIENTS}${SANS}${CIPHERS}  min_version: TLS13\n`;

for (const [what, text] of [
  ['users first', USERS + HEADERS + FULL_TLS],
  ['TLS first', FULL_TLS + HEADERS + USERS],
  ['headers first', HEADERS + USERS + FULL_TLS],
  [
    'JSON',
    JSON.stringify({
      basic_auth_users: { alice: HASH },
      http_server_config: { headers: { 'X-Frame-Options': 'deny' } },
    }),
  ],
] as const) {
  test(`a file that is truncated anywhere loses no protection: ${what}`, async (t) => {
    const { file, config } = await loaded(t, text);
    const { current } = config;
    const kept = ({ config: { users, headers, tls } }: typeof current) => [
      users.size > 0,
      headers.size > 0,
      tls?.clientAuth,
      tls?.minVersion,
      (tls?.allowedSans ?? []).length > 0,
      (tls?.ciphers ?? []).length > 0,
    ];
    for (let length = 0; length < text.length; length++) {
      writeFileSync(file, text.slice(0, length));
      await config.refreshNow();
      assert.deepEqual(kept(config.current), kept(current), JSON.stringify(text.slice(0, length)));
    }
  });
}

suite('an invalid web configuration file', { concurrency: 4 }, () => {
  const refused: readonly BadFile[] = [...unreadableFiles, ...damagedFiles(USERS)];
  for (const { what, put } of [...refused, ...blankFiles]) {
    test(`${what}: passwords stay, and a metric reports the failure`, async (t) => {
      const { file } = await loaded(t, USERS);
      const { port, webConfig } = await startServer(t, { file });
      put(file);
      await webConfig?.refreshNow();
      assert.equal(webConfig?.isLastReloadGood, false);
      assert.equal((await rawGet(`http://127.0.0.1:${port}/metrics`)).status, 401);
    });
  }

  for (const { what, put } of refused) {
    test(`${what}: the exporter does not start`, async (t) => {
      const { file } = await loaded(t, USERS);
      put(file);
      await assert.rejects(WebConfigFile.load(file, new Log()));
      assert.ok(await webConfigMistake(file));
    });
  }

  for (const { what, put } of blankFiles) {
    test(`${what}: the exporter starts, and logs the consequences`, async (t) => {
      const { file } = await loaded(t, USERS);
      put(file);
      const log = new Log();
      await WebConfigFile.load(file, log);
      assert.deepEqual(log.lines, [
        'warn The web configuration is empty: the server speaks plain HTTP and requires no password.',
      ]);
    });
  }
});

for (const [what, text, warnings] of [
  ['a comment', '# Nothing.\n', [/is empty/]],
  ['users without a value', 'basic_auth_users:\n', [/basic_auth_users has no users: the server requires no password/]],
  ['no users', 'basic_auth_users: {}\n', [/basic_auth_users has no users/]],
  [
    'TLS without a value',
    'tls_server_config:\n',
    [/tls_server_config has no certificate: the server speaks plain HTTP/],
  ],
  ['TLS without files', 'tls_server_config:\n  min_version: TLS13\n', [/tls_server_config has no certificate/]],
  ['an expired certificate', readFileSync(`${FOLDER}/expired.good.yml`, 'utf8'), [/is valid only from .* to Nov 21/]],
  ['users', USERS, []],
  ['headers', HEADERS, []],
  ['TLS', TLS, []],
] as const) {
  test(`the consequences of ${what} are logged at the start`, async (t) => {
    const { log } = await loaded(t, text.replaceAll('expired.', `${FOLDER}/expired.`));
    assert.equal(log.lines.length, warnings.length);
    for (const [index, warning] of warnings.entries()) assert.match(log.lines[index] ?? '', warning);
  });
}
