/** Each file in fixtures/ is a configuration that is valid, or invalid for the reason below. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { webConfigMistake } from '../../src/web-config/web-config-file.ts';

const FOLDER = 'test/web-config/fixtures';

const NO_PAIR = /key_file must be the private key of the first certificate of cert_file/;

const REASONS: Readonly<Record<string, RegExp>> = {
  alias: /line 1, column 19: aliases are not supported/,
  anchor: /line 1, column 19: anchors are not supported/,
  'auth-type-only': /missing one of cert or cert_file/,
  'ca-missing-file': /ENOENT.*none\.crt/,
  'ca-with-no-client-cert': /client CA's have been configured without a Client Auth Policy/,
  'ca-without-policy': /client CA's have been configured without a Client Auth Policy/,
  'cert-and-cert-file': /only one of cert and cert_file may be set/,
  'cert-junk': /cert_file [^ ]*junk\.pem: must contain a certificate in PEM, got none/,
  'cert-missing-file': /ENOENT.*none\.crt/,
  'cert-only': /missing one of key or key_file/,
  'cipher-insecure': /unknown cipher: TLS_RSA_WITH_RC4_128_SHA/,
  'cipher-of-other-key': /no client could connect with these TLS settings: no shared cipher/i,
  'cipher-unknown': /line 5, column \d+: unknown cipher: TLS_MADE_UP/,
  'client-auth-unknown': /client_auth_type: unknown client_auth_type: Sometimes; must be one of NoClientCert/,
  'curve-unknown': /unknown curve: CurveP999/,
  'curves-no-list': /curve_preferences must be a list/,
  'duplicate-key': /line 3, column 3: duplicate key "cert_file"/,
  'duplicate-user': /duplicate key "alice"/,
  'header-content-type-options': /invalid value for X-Content-Type-Options: must be nosniff, got "sniff"/,
  'header-injection': /X-XSS-Protection must contain only printable ASCII characters/,
  'header-unknown': /line 3, column \d+: HTTP header "Set-Cookie" can not be configured/,
  'header-value': /invalid value for X-Frame-Options: must be deny or sameorigin, got "maybe"/,
  'http2-text': /http2 must be true or false/,
  indentation: /line 3, column 5: unexpected indentation/,
  'key-ec-cert-rsa': NO_PAIR,
  'key-ed25519-cert-rsa': NO_PAIR,
  'key-junk': /key_file [^ ]*junk\.pem: must contain a private key in PEM, got none/,
  'key-mismatch': NO_PAIR,
  'key-missing-file': /ENOENT.*none\.key/,
  'key-rsa-cert-ec': NO_PAIR,
  'key-only': /missing one of cert or cert_file/,
  list: /must be a map of settings/,
  'rate-limit-burst': /burst must be a whole number of at least 0/,
  'rate-limit-interval': /interval: .*soon/,
  'sans-empty': /line 6, column \d+: client_allowed_sans must not be empty/,
  'sans-optional-cert': /client_allowed_sans needs client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert/,
  'sans-without-policy': /client_allowed_sans needs client_auth_type/,
  tab: /line 2, column 1: must be indented by spaces, got a tab/,
  tag: /tags are not supported/,
  text: /must be a map of settings/,
  'two-documents': /line 3, column 1: only one document is supported/,
  'unclosed-brace': /a list or map in brackets is not closed/,
  'unclosed-quote': /line 2, column 10: a quote " must be closed on the same line/,
  'unknown-http-key': /unknown setting "http3"; must be one of http2, headers/,
  'unknown-inner-key': /unknown setting "cert_filee"/,
  'unknown-key': /unknown setting "tls_config"/,
  'users-2x': /the hash of "alice" must be a bcrypt or scrypt hash/,
  'users-colon': /the user name "a:b" must not contain a colon/,
  'users-cost': /the hash of "alice" must be a bcrypt or scrypt hash/,
  'users-list': /must be a map of settings/,
  'users-number': /the hash of "alice" must be a bcrypt or scrypt hash/,
  'users-plain': /the hash of "alice" must be a bcrypt or scrypt hash/,
  'users-scrypt-huge': /the hash of "alice" must be a bcrypt or scrypt hash/,
  'verify-if-given-without-ca': /VerifyClientCertIfGiven needs client_ca or client_ca_file/,
  'verify-without-ca': /line 4, column \d+: RequireAndVerifyClientCert needs client_ca or client_ca_file/,
  'version-unknown': /unknown TLS version: TLS14/,
  'versions-crossed': /min_version must not be above max_version/,
};

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));

for (const file of files.filter((name) => name.endsWith('.good.yml'))) {
  test(`${file} is valid`, async () => {
    assert.equal(await webConfigMistake(`${FOLDER}/${file}`), undefined);
  });
}

for (const file of files.filter((name) => name.endsWith('.bad.yml'))) {
  test(`${file} is rejected with the reason, and no secret`, async () => {
    const reason = REASONS[file.replace('.bad.yml', '')];
    assert.ok(reason, 'the table has a reason for each file');
    const mistake = (await webConfigMistake(`${FOLDER}/${file}`)) ?? '';
    assert.match(mistake, reason);
    assert.doesNotMatch(mistake, /\$2[abxy]\$|secret|PRIVATE KEY/);
  });
}

test('every reason has a file', () => {
  const bad = files.filter((name) => name.endsWith('.bad.yml')).map((name) => name.replace('.bad.yml', ''));
  assert.deepEqual(Object.keys(REASONS).sort(), bad.sort());
});

test('a missing file is reported', async () => {
  assert.match((await webConfigMistake('/no/such/file.yml')) ?? '', /ENOENT/);
});
