import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { start } from '../child.ts';
import { zeroprom } from '../cli/zeroprom.ts';
import { until } from '../e2e/prometheus.ts';
import { freePort } from '../free-port.ts';
import { needs } from '../installed-programs.ts';

const UNITS = 'deploy/systemd';
const SERVICE = 'my-exporter.service';
const unit = readFileSync(join(UNITS, SERVICE), 'utf8');
const SHUTDOWN_TIMEOUT_SECONDS = 8; // The default of --web.shutdown-timeout.

test(
  'systemd-analyze finds nothing to say about the service, its socket and its drop-ins',
  needs('systemd-analyze'),
  (t) => {
    assert.equal(verify(unitFolder(t), SERVICE, 'my-exporter.socket'), '');
  },
);

test(
  'systemd-analyze finds nothing to say about the units that zeroprom init generates',
  needs('systemd-analyze'),
  async (t) => {
    const project = mkdtempSync(join(tmpdir(), 'zeroprom-systemd-'));
    t.after(() => rmSync(project, { recursive: true, force: true }));
    const { code } = await zeroprom(['init', project, '--name=disk-watch', '--port=9121', '--deploy=systemd']);
    assert.equal(code, 0);
    const folder = join(project, 'systemd');
    const service = readFileSync(join(folder, 'disk-watch.service'), 'utf8');
    writeFileSync(join(folder, 'disk-watch.service'), installed(service));
    assert.match(service, /ExecStart=.* \/opt\/disk-watch\/dist\/src\/exporter\.js$/m);
    assert.equal(verify(folder, 'disk-watch.service', 'disk-watch.socket'), '');
  },
);

for (const [what, pattern, replacement] of [
  ['an unknown key', 'DynamicUser=', 'DynamicUsr='],
  ['an invalid value', 'ProtectSystem=strict', 'ProtectSystem=sometimes'],
  ['an unknown system call group', '@system-service', '@system-servce'],
] as const) {
  test(`systemd-analyze would report ${what}`, needs('systemd-analyze'), (t) => {
    const folder = unitFolder(t);
    writeFileSync(join(folder, SERVICE), installed(unit).replace(pattern, replacement));
    assert.notEqual(verify(folder, SERVICE), '');
  });
}

test('systemd rates the exposure of the service at most 2.0 of 10', needs('systemd-analyze'), (t) => {
  const args = ['security', '--offline=true', '--threshold=20', join(unitFolder(t), SERVICE)];
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

test('systemd waits longer for the end of the service than the exporter takes', () => {
  const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(unit) ?? [];
  assert.ok(Number(seconds) > 2 * SHUTDOWN_TIMEOUT_SECONDS);
});

test('the drop-ins set only variables that exporters have', () => {
  for (const name of readdirSync(join(UNITS, 'my-exporter.service.d'))) {
    const text = readFileSync(join(UNITS, 'my-exporter.service.d', name), 'utf8');
    const flags = readFileSync('docs/flags.md', 'utf8');
    const variables = [...text.matchAll(/^Environment=MY_EXPORTER(_\w+)=/gm)].map(
      ([, variable]) => `\`PREFIX${variable}\``,
    );
    assert.equal(variables.length, 1, name);
    for (const variable of variables) assert.ok(flags.includes(variable), variable);
  }
});

test('an exporter answers on a socket that systemd has opened', needs('systemd-socket-activate'), async (t) => {
  const address = `127.0.0.1:${await freePort()}`;
  const variable = '--setenv=EXAMPLE_EXPORTER_WEB_SYSTEMD_SOCKET=true';
  const args = [`--listen=${address}`, variable, process.execPath, 'dist/server.js'];
  const activated = start(t, 'systemd-socket-activate', args);
  await until('the socket is open', async () => activated.stderr().includes('Listening on'));
  const response = await fetch(`http://${address}/metrics`);
  assert.equal(response.status, 200);
  assert.match(await response.text(), /^example_total\{hoge="hogehoge"\} 1$/m);
  activated.process.kill('SIGTERM');
  assert.equal(await activated.ended, 0);
});

/** A folder with the units; they start the Node.js that runs the tests, because systemd looks for the program. */
function unitFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-systemd-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(UNITS, folder, { recursive: true });
  writeFileSync(join(folder, SERVICE), installed(unit));
  return folder;
}

function installed(text: string): string {
  return text.replace('/usr/bin/node', process.execPath);
}

/** Its exit code is 0 even for unknown keys. */
function verify(folder: string, ...units: readonly string[]): string {
  const args = ['verify', '--man=no', ...units.map((name) => join(folder, name))];
  const env = { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` };
  const { stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8', env });
  return stdout + stderr;
}
