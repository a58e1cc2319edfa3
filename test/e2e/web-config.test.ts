import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { start } from '../child.ts';
import { needs } from '../installed-programs.ts';
import { Prometheus, until } from './prometheus.ts';

const FIXTURES = 'test/web-config/fixtures';
const WEB_CONFIG = `tls_server_config:
  cert_file: server.crt
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.crt
${readFileSync(`${FIXTURES}/users.good.yml`, 'utf8')}`;

/** The built example exporter, with certificates that a test may change. */
async function exporter(t: TestContext): Promise<{ folder: string; target: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(FIXTURES, folder, { recursive: true });
  const file = join(folder, 'web.yml');
  writeFileSync(file, WEB_CONFIG);
  const flags = ['--web.listen-address=127.0.0.1:0', `--web.config.file=${file}`];
  const child = start(t, process.execPath, ['dist/server.js', ...flags]);
  return { folder, target: new URL(await child.metricsUrl()).host };
}

const jobOf = (folder: string, certificate: string, password: string) =>
  `scheme: https,
   tls_config: { ca_file: ${folder}/ca.crt, cert_file: ${folder}/${certificate}.crt, key_file: ${folder}/${certificate}.key },
   basic_auth: { username: alice, password: ${password} }`;

suite('a web configuration', { concurrency: 3 }, () => {
  test(
    'a real Prometheus with a client certificate and a password scrapes, also when the certificate is changed',
    needs('prometheus'),
    async (t) => {
      const { folder, target } = await exporter(t);
      const job = jobOf(folder, 'client', 'alice-pass');
      const prometheus = await Prometheus.start(t, { target, interval: '2s', job });
      await until('the target is up', async () => (await prometheus.value('up')) === 1);
      const scrapes = async () => (await prometheus.value('sum_over_time(up[5m])')) ?? 0;
      for (const kind of ['crt', 'key']) cpSync(`${FIXTURES}/server2.${kind}`, join(folder, `server.${kind}`));
      await until('the new certificate is used', async () => (await certificateOf(target, folder)) === 'server2');
      const before = await scrapes();
      await until('it was scraped again', async () => (await scrapes()) >= before + 3);
      assert.equal(await prometheus.value('min_over_time(up[5m])'), 1);
    },
  );

  for (const [what, certificate, password, error] of [
    ['a wrong password', 'client', 'wrong', /401 Unauthorized/],
    ['a self-signed certificate', 'stranger', 'alice-pass', /certificate|EOF|reset|closed idle connection/],
  ] as const) {
    test(`a real Prometheus with ${what} is refused`, needs('prometheus'), async (t) => {
      const { folder, target } = await exporter(t);
      const job = jobOf(folder, certificate, password);
      const prometheus = await Prometheus.start(t, { target, interval: '2s', job });
      await until('the target is down', async () => (await prometheus.value('up')) === 0);
      assert.match((await prometheus.target()).lastError, error);
    });
  }
});

/** The name in the certificate that a new connection receives. */
async function certificateOf(target: string, folder: string): Promise<string> {
  const { hostname: host, port } = new URL(`https://${target}`);
  const read = (name: string) => readFileSync(join(folder, name));
  const client = { ca: read('ca.crt'), cert: read('client.crt'), key: read('client.key') };
  const socket = connect({ host, port: Number(port), ...client });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}
