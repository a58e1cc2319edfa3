import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseArguments } from '../../src/command-line/arguments.ts';
import { start } from '../child.ts';
import { EXPORTER } from '../exporter/programs/exporter-program.ts';

const flags = {
  port: { help: 'Where.', default: '1', parse: whole },
  'service.host': { help: 'Of what.', default: 'none' },
  'service.port': { help: 'At what.', default: '0', parse: whole },
  'web.port': { help: 'Where too.', default: '2', parse: whole },
  'db.host': { help: 'Of what.', default: 'localhost' },
  at: { help: 'Where.', default: 'a,b', isRepeatable: true },
  on: { help: 'Whether.', default: 'true', isSwitch: true },
  password: { help: 'Secret.', default: 'none', isSecret: true },
} as const;

function whole(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new RangeError(`${text} is not a whole number.`);
}

const parse = (env: NodeJS.ProcessEnv) => parseArguments(flags, [], { env, prefix: 'x_exporter' });

/** Returns the variables that Kubernetes sets for a Service in all containers of its namespace. */
function service(
  name: string,
  address: string,
  ports: readonly (readonly [port: number, protocol: string, name?: string])[],
) {
  const url = (port: number, protocol: string) =>
    `${protocol}://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const [[first, firstProtocol] = [0, '']] = ports;
  return Object.fromEntries([
    [`${name}_SERVICE_HOST`, address],
    [`${name}_SERVICE_PORT`, String(first)],
    [`${name}_PORT`, url(first, firstProtocol)],
    ...ports.flatMap(([port, protocol, portName]) => {
      const link = `${name}_PORT_${port}_${protocol.toUpperCase()}`;
      return [
        ...(portName === undefined ? [] : [[`${name}_SERVICE_PORT_${portName}`, String(port)]]),
        [link, url(port, protocol)],
        [`${link}_PROTO`, protocol],
        [`${link}_PORT`, String(port)],
        [`${link}_ADDR`, address],
      ];
    }),
  ]);
}

const services = {
  'of its name': service('X_EXPORTER', '10.96.0.12', [[9100, 'tcp']]),
  'with a named port': service('X_EXPORTER', '10.96.0.12', [[9100, 'tcp', 'HTTP_METRICS']]),
  'with several ports': service('X_EXPORTER', '10.96.0.12', [
    [9100, 'tcp', 'HTTP'],
    [53, 'udp', 'DNS'],
    [3868, 'sctp', 'DIAMETER'],
  ]),
  'with an IPv6 address': service('X_EXPORTER', 'fd00:10:96::c', [[9100, 'tcp']]),
  'whose name begins as its own': service('X_EXPORTER_WEB', '10.96.0.13', [[80, 'tcp', 'HTTP']]),
};

for (const [what, env] of Object.entries(services)) {
  test(`the variables of a Service ${what} do not set flags`, () => {
    const { values, given, unknownVariables, serviceVariables } = parse(env);
    assert.deepEqual({ ...values }, { ...parse({}).values });
    assert.equal(given.size, 0);
    assert.deepEqual(unknownVariables, []);
    assert.deepEqual([...serviceVariables].sort(), Object.keys(env).sort());
  });
}

test('a variable that a Service of the same name cannot have sets its flag', () => {
  const env = { ...services['of its name'], X_EXPORTER_PORT: '8080', X_EXPORTER_SERVICE_HOST: 'db.example' };
  const { values, unknownVariables } = parse(env);
  assert.equal(values.port, 8080);
  assert.equal(values['service.host'], 'db.example');
  assert.deepEqual(unknownVariables, []);
});

test('an address and a number that no Service has set their flags', () => {
  const { values, serviceVariables } = parse({ X_EXPORTER_SERVICE_HOST: '192.0.2.1', X_EXPORTER_SERVICE_PORT: '80' });
  assert.equal(values['service.host'], '192.0.2.1');
  assert.equal(values['service.port'], 80);
  assert.deepEqual(serviceVariables, []);
});

for (const [name, value] of [
  ['X_EXPORTER_WEB_LISTEN_PORT', '9100'],
  ['X_EXPORTER_PORT_9100_TCP', '9100'],
  ['X_EXPORTER_SERVICE_HOSTS', '10.0.0.1'],
  ['X_EXPORTER_DB_SERVICE_HOST', 'db'],
  ['X_EXPORTER_SERVICE_PORT_HTTP', 'http'],
  ['X_EXPORTER_TELEMETRY_PATH', '/metrics'],
] as const) {
  test(`${name}=${value} belongs to neither a flag nor a Service`, () => {
    const { unknownVariables, serviceVariables } = parse({ [name]: value });
    assert.deepEqual([unknownVariables, serviceVariables], [[name], []]);
  });
}

test('an empty variable counts as unset', () => {
  const names = ['PORT', 'SERVICE_HOST', 'AT', 'ON', 'PASSWORD', 'PASSWORD_FILE', 'NO_FLAG'];
  const { values, given, unknownVariables } = parse(
    Object.fromEntries(names.map((name) => [`X_EXPORTER_${name}`, ''])),
  );
  assert.deepEqual({ ...values }, { ...parse({}).values });
  assert.equal(given.size, 0);
  assert.deepEqual(unknownVariables, []);
});

test('an empty secret is ignored in favor of its file', () => {
  assert.throws(
    () => parse({ X_EXPORTER_PASSWORD: '', X_EXPORTER_PASSWORD_FILE: '/none' }),
    /X_EXPORTER_PASSWORD_FILE/,
  );
});

/** Returns the log of an exporter until it listens. */
async function logged(t: TestContext, env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
  const child = start(t, process.execPath, [...EXPORTER, '--web.listen-address=127.0.0.1:0', ...args], env);
  await child.metricsUrl();
  return child.stderr();
}

test('a Service of the same name causes one line in the log, at level debug', async (t) => {
  const env = services['with several ports'];
  assert.doesNotMatch(await logged(t, env), /X_EXPORTER|WARN msg="Ignoring/);
  const debugged = await logged(t, env, '--log.level=debug');
  assert.equal(debugged.match(/X_EXPORTER_SERVICE_HOST/g)?.length, 1);
  assert.match(
    debugged,
    /level=DEBUG msg="Ignoring environment variables that Kubernetes set for a Service\." variables="X_EXPORTER_/,
  );
});

test('an exporter starts with empty variables', async (t) => {
  const log = await logged(t, {
    X_EXPORTER_WEB_MAX_REQUESTS: '',
    X_EXPORTER_LOG_LEVEL: '',
    X_EXPORTER_COLLECTOR_CPU: '',
  });
  assert.doesNotMatch(log, /level=WARN msg="Ignoring/);
});
