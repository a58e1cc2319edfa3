/** Values as exporter-toolkit reads them: the expectations are the results of Go's yaml, version 2. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWebConfig } from '../../src/web-config/web-config.ts';
import { YamlError } from '../../src/web-config/yaml/yaml-node.ts';

const HASH = '$2b$04$9kRVq9V0BqF39.MDLbHFw.BOw39OVQ6l6HgK6M7nQFt5BuqbST17a';
const TLS = 'tls_server_config:\n  cert_file: a\n  key_file: b\n';
const read = (text: string) => parseWebConfig(text, '/etc/web.yml');

for (const [value, words] of [
  [true, ['true', 'True', 'TRUE', 'yes', 'Yes', 'YES', 'y', 'Y', 'on', 'On', 'ON']],
  [false, ['false', 'False', 'FALSE', 'no', 'No', 'NO', 'n', 'N', 'off', 'Off', 'OFF']],
] as const) {
  for (const word of words) {
    test(`${word} is ${value} as a boolean`, () => {
      const { tls, wantsHttp2 } = read(
        `${TLS}  prefer_server_cipher_suites: ${word}\nhttp_server_config: {http2: ${word}}\n`,
      );
      assert.equal(tls?.prefersServerCiphers, value);
      assert.equal(wantsHttp2, value);
    });

    test(`${word} is a text where a text is expected`, () => {
      const { users, headers } = read(
        `basic_auth_users:\n  ${word}: ${HASH}\nhttp_server_config: {headers: {X-XSS-Protection: ${word}}}\n`,
      );
      assert.deepEqual([...users.keys()], [word]);
      assert.deepEqual([...headers], [['X-XSS-Protection', word]]);
    });
  }
}

for (const word of ['tRue', 'yEs', 'oN', '"yes"', "'true'", '""', '1', '0', 't', 'f', 'enabled', '[]', '{}']) {
  test(`${word} is not a boolean`, () => {
    assert.throws(() => read(`http_server_config:\n  http2: ${word}\n`), YamlError);
  });
}

for (const [text, value] of [
  ['1', '1'],
  ['1.5', '1.5'],
  ['0x10', '0x10'],
  ['1; mode=block', '1; mode=block'],
  ['"1"', '1'],
] as const) {
  test(`the header value ${JSON.stringify(text)} is ${value}`, () => {
    const { headers } = read(`http_server_config:\n  headers:\n    X-XSS-Protection: ${text}\n`);
    assert.equal(headers.get('X-XSS-Protection'), value);
  });
}

for (const text of ['', ' ~', ' null', ' ""', " ''"]) {
  test(`a header with the value "${text.trim()}" is not sent`, () => {
    assert.equal(read(`http_server_config:\n  headers:\n    X-XSS-Protection:${text}\n`).headers.size, 0);
  });
}

for (const [list, expected] of [
  ['[A,\n    B]', ['A', 'B']],
  ['[\n    "A", # first\n    B,\n  ]', ['A', 'B']],
  ['[\nA\n,\nB\n]', ['A', 'B']],
  ['[1, yes, 1.5]', ['1', 'yes', '1.5']],
  ['\n  - A\n  - 2', ['A', '2']],
  ['\n    - A\n', ['A']],
] as const) {
  test(`the list ${JSON.stringify(list)} is ${expected.join(' and ')}`, () => {
    const { tls } = read(`${TLS}  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: ${list}\n`);
    assert.deepEqual(tls?.allowedSans, expected);
  });
}

for (const list of ['A', '""', '[[A]]', '[{a: b}]', '[A,, B]', '[A', '[A\n---\n', '[~]', '[""]', '\n  -\n  - A']) {
  test(`the list ${JSON.stringify(list)} is rejected`, () => {
    const text = `${TLS}  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: ${list}\n`;
    assert.throws(() => read(text), YamlError);
  });
}

for (const [interval, milliseconds] of [
  ['0', undefined],
  ['"0"', undefined],
  ['0s', undefined],
  ['', undefined],
  ['~', undefined],
  ['1s', 1000],
  ['"1s"', 1000],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
] as const) {
  test(`the interval ${interval || 'nothing'} is ${milliseconds ?? 'no limit'}`, () => {
    assert.equal(read(`rate_limit:\n  interval: ${interval}\n  burst: 1\n`).rateLimit?.intervalMs, milliseconds);
  });
}

for (const section of ['tls_server_config', 'http_server_config', 'basic_auth_users', 'rate_limit']) {
  for (const value of ['', ' ~', ' null', ' {}', ' {\n  }']) {
    test(`${section} may be "${value}"`, () => assert.doesNotThrow(() => read(`${section}:${value}\n`)));
  }
  for (const value of ['""', '[]', 'x', '1', 'false']) {
    test(`${section} must not be ${value}`, () => {
      assert.throws(() => read(`${section}: ${value}\n`), /must be a map of settings/);
    });
  }
}

for (const end of ['...\n', '...', '... # end\n', '...\n\n# nothing\n']) {
  test(`a document may end in ${JSON.stringify(end)}`, () => {
    assert.deepEqual([...read(`basic_auth_users:\n  alice: ${HASH}\n${end}`).users.keys()], ['alice']);
  });
}
