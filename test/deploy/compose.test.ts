import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { finalStage, readDockerfile } from './dockerfile.ts';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const text = readFileSync('deploy/docker-compose.yml', 'utf8');
// A file with another structure fails the tests below.
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const final = finalStage(readDockerfile('Dockerfile'));

test('the stack is the exporter, Prometheus, Alertmanager and Grafana', () => {
  assert.deepEqual(Object.keys(compose.services), ['exporter', 'prometheus', 'alertmanager', 'grafana']);
});

for (const [name, service] of services) {
  test(`${name} is built here or pinned to a release`, () => {
    if (service.build !== undefined) assert.ok(existsSync(join('deploy', service.build, 'Dockerfile')));
    else assert.match(service.image ?? '', /^[a-z]+\/[a-z]+:v?\d+\.\d+\.\d+$/);
  });

  test(`${name} is only reachable from this machine`, () => {
    assert.ok((service.ports ?? []).length > 0);
    for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
  });

  test(`${name} runs without root, capabilities and a writable file system, in limited memory`, () => {
    assert.match(service.user ?? '', /^[1-9]\d*(:[1-9]\d*)?$/);
    assert.equal(service.read_only, true);
    assert.deepEqual(service.cap_drop, ['ALL']);
    assert.equal(service.cap_add, undefined);
    assert.equal(service.privileged, undefined);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
    assert.match(service.mem_limit ?? '', /^\d+m$/);
  });

  test(`${name} mounts files of the repository read-only and volumes that are declared`, () => {
    for (const volume of service.volumes ?? []) {
      const [source = '', , mode] = volume.split(':');
      if (source.startsWith('.')) {
        assert.ok(existsSync(join('deploy', source)), `deploy/${source} does not exist.`);
        assert.equal(mode, 'ro', `${volume} is writable.`);
      } else assert.ok(source in compose.volumes, `The volume ${source} is not declared.`);
    }
  });

  test(`${name} waits only for services that report their health`, () => {
    for (const [dependency, { condition }] of Object.entries(service.depends_on ?? {})) {
      assert.equal(condition, 'service_healthy');
      assert.ok(reportsHealth(dependency), `${dependency} has no health check.`);
    }
  });

  test(`${name} gets no secret from the file`, () => {
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      assert.doesNotMatch(variable, /PASSWORD|SECRET|TOKEN|API_?KEY|CREDENTIAL/);
      assert.doesNotMatch(String(value), /^[\w+/=-]{24,}$|:\/\/[^/]*:[^/]*@/, `The value of ${variable}`);
    }
  });
}

test('every service reports its health', () => {
  assert.deepEqual(
    services.map(([name]) => name).filter((name) => !reportsHealth(name)),
    [],
  );
});

test('health checks start no shell', () => {
  for (const [name, { healthcheck }] of services) {
    if (healthcheck !== undefined) assert.equal(healthcheck.test[0], 'CMD', name);
  }
});

test('no service depends on itself, directly or through others', () => {
  for (const [name] of services) assert.ok(!dependencies(name).has(name), `${name} waits for itself.`);
});

test('the exporter runs as the user of its image, on the port of its image', () => {
  const exporter = compose.services['exporter'];
  assert.equal(exporter?.user, final.find(({ keyword }) => keyword === 'USER')?.value);
  assert.equal(exporter?.ports?.[0]?.split(':').at(-1), final.find(({ keyword }) => keyword === 'EXPOSE')?.value);
});

test('Grafana shows dashboards without a login and has no accounts', () => {
  const environment = compose.services['grafana']?.environment ?? {};
  assert.equal(environment['GF_AUTH_ANONYMOUS_ENABLED'], 'true');
  assert.equal(environment['GF_AUTH_ANONYMOUS_ORG_ROLE'], 'Viewer');
  assert.equal(environment['GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION'], 'true');
  assert.equal(environment['GF_AUTH_BASIC_ENABLED'], 'false');
});

test('the documentation names every address of the stack', () => {
  const page = readFileSync('docs/deploy.md', 'utf8');
  for (const [, { ports = [] }] of services) {
    for (const port of ports) assert.ok(page.includes(`http://localhost:${port.split(':')[1]}`), port);
  }
});

function reportsHealth(name: string): boolean {
  const service = compose.services[name];
  if (service?.build !== undefined) return final.some(({ keyword }) => keyword === 'HEALTHCHECK');
  return service?.healthcheck !== undefined;
}

function dependencies(name: string, found = new Set<string>()): Set<string> {
  for (const dependency of Object.keys(compose.services[name]?.depends_on ?? {})) {
    if (found.has(dependency)) continue;
    found.add(dependency);
    dependencies(dependency, found);
  }
  return found;
}
