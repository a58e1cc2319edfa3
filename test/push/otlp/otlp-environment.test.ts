import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Gauge, Registry } from '../../../src/index.ts';
import { OtlpExporter } from '../../../src/push/otlp/otlp-exporter.ts';
import type { OtlpExporterOptions } from '../../../src/push/otlp/otlp-options.ts';
import { silent } from '../../silent-logger.ts';
import { startOtlpReceiver } from './otlp-receiver.ts';
import { attributesOf } from './otlp-schema.ts';

/** Exports with environment variables, in which `URL` stands for the receiver. */
async function exportWith(
  t: TestContext,
  variables: Readonly<Record<string, string>>,
  options: OtlpExporterOptions = {},
) {
  const receiver = await startOtlpReceiver(t);
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'g', help: '', registry }).set(1);
  const warnings: string[] = [];
  const logger = { ...silent, warn: (_text: string, fields?: object) => warnings.push(JSON.stringify(fields)) };
  const all = { OTEL_EXPORTER_OTLP_ENDPOINT: 'URL', ...variables };
  for (const [name, value] of Object.entries(all)) {
    process.env[name] = value.replace('URL', receiver.url);
    t.after(() => delete process.env[name]);
  }
  const exporter = new OtlpExporter({ registry, logger, proxy: false, ...options });
  await exporter.flush();
  const [request] = receiver.requests;
  assert.ok(request !== undefined);
  const attributes = attributesOf(receiver.decoded[0]?.resourceMetrics[0]?.resource.attributes);
  return { ...request, attributes, warnings };
}

const paths = [
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'URL' }, '/v1/metrics'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'URL/' }, '/v1/metrics'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'URL/a/b' }, '/a/b/v1/metrics'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'URL/a/?q=1' }, '/a/v1/metrics?q=1'],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'URL/as/it/is' }, '/as/it/is'],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'URL' }, '/'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'URL/x' }, '/x'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'URL/x', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: ' ' }, '/x/v1/metrics'],
] as const;

for (const [variables, path] of paths) {
  test(`the endpoint ${JSON.stringify(variables)} leads to ${path}`, async (t) => {
    assert.equal((await exportWith(t, variables)).path, path);
  });
}

test('an endpoint that is not a URL throws without showing it', (t) => {
  for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT']) {
    for (const value of ['localhost:4318', 'grpc://secret', 'http://', 'secret']) {
      process.env[name] = value;
      t.after(() => delete process.env[name]);
      assert.throws(
        () => new OtlpExporter(),
        (error: Error) =>
          error instanceof RangeError && error.message.startsWith(name) && !/secret/.test(error.message),
      );
    }
    delete process.env[name];
  }
});

test('headers are percent-encoded pairs, and those for metrics replace the others', async (t) => {
  const { headers } = await exportWith(t, {
    OTEL_EXPORTER_OTLP_HEADERS: 'other=1',
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: ' api-key = a%20b%3Dc , X-Scope-OrgID=7;property',
  });
  assert.deepEqual([headers['api-key'], headers['x-scope-orgid'], headers['other']], ['a b=c', '7', undefined]);
});

test('headers of the options take precedence, and so does their authentication', async (t) => {
  const variables = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20YQ,a=1,b=2' };
  const { headers } = await exportWith(t, variables, { headers: { A: '3' }, bearerToken: 'token' });
  assert.deepEqual([headers.authorization, headers['a'], headers['b']], ['Bearer token', '3', '2']);
});

const malformed = [
  { OTEL_EXPORTER_OTLP_HEADERS: 'secret' },
  { OTEL_EXPORTER_OTLP_HEADERS: 'a=secret%' },
  { OTEL_EXPORTER_OTLP_HEADERS: 'content-type=secret' },
  { OTEL_EXPORTER_OTLP_HEADERS: 'a=secret%0ab' },
  { OTEL_EXPORTER_OTLP_HEADERS: '=secret' },
  { OTEL_EXPORTER_OTLP_TIMEOUT: '-1secret' },
  { OTEL_EXPORTER_OTLP_TIMEOUT: '0' },
  { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
  { OTEL_EXPORTER_OTLP_PROTOCOL: 'constructor' },
  { OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' },
  { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'up' },
  { OTEL_RESOURCE_ATTRIBUTES: 'a=1,secret' },
  { OTEL_RESOURCE_ATTRIBUTES: 'a=%ff' },
];

for (const variables of malformed) {
  test(`${JSON.stringify(variables)} is reported without its value, and ignored`, async (t) => {
    const { warnings, headers, attributes } = await exportWith(t, variables);
    assert.equal(warnings.length, 1);
    assert.match(warnings.join(), new RegExp(Object.keys(variables).join()));
    assert.doesNotMatch(warnings.join(), /secret/);
    assert.equal(headers['content-type'], 'application/x-protobuf');
    assert.equal(attributes['a'], undefined);
  });
}

test('protocol and compression may be set, in any case', async (t) => {
  const { headers } = await exportWith(t, {
    OTEL_EXPORTER_OTLP_PROTOCOL: 'HTTP/JSON',
    OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'gzip',
  });
  assert.deepEqual([headers['content-type'], headers['content-encoding']], ['application/json', 'gzip']);
});

test('the resource has attributes of the environment, of which the service name is the most specific', async (t) => {
  const { attributes } = await exportWith(
    t,
    { OTEL_SERVICE_NAME: 'a', OTEL_RESOURCE_ATTRIBUTES: 'service.name=b,service.version=1%2C2,zone=z,__proto__=p' },
    { resource: { zone: 'y' } },
  );
  const { 'service.instance.id': instance, ...others } = attributes;
  assert.match(String(instance), /^[0-9a-f-]{36}$/);
  assert.deepEqual(Object.entries(others), [
    ['service.name', 'a'],
    ['service.version', '1,2'],
    ['zone', 'y'],
    ['__proto__', 'p'],
  ]);
});

test('without a name, the service is called as OpenTelemetry prescribes', async (t) => {
  const { attributes } = await exportWith(t, {});
  assert.equal(attributes['service.name'], 'unknown_service:node');
});

test('the timeout is in milliseconds', async (t) => {
  const receiver = await startOtlpReceiver(t, () => {});
  process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '50';
  t.after(() => delete process.env['OTEL_EXPORTER_OTLP_TIMEOUT']);
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'g', help: '', registry }).set(1);
  const options = { url: receiver.url, registry, logger: silent, proxy: false as const, retry: { attempts: 0 } };
  await assert.rejects(new OtlpExporter(options).flush(), /no response within 50 ms/);
});

test('certificates of the environment are used for https', async (t) => {
  process.env['OTEL_EXPORTER_OTLP_CERTIFICATE'] = '/nonexistent/ca.pem';
  t.after(() => delete process.env['OTEL_EXPORTER_OTLP_CERTIFICATE']);
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'g', help: '', registry }).set(1);
  const options = {
    url: 'https://127.0.0.1:1',
    registry,
    logger: silent,
    proxy: false as const,
    retry: { attempts: 0 },
  };
  await assert.rejects(new OtlpExporter(options).flush(), /tls.caFile \/nonexistent\/ca.pem/);
});

test('invalid options throw', () => {
  const invalid: readonly (readonly [OtlpExporterOptions, RegExp])[] = [
    [{ protocol: 'grpc' as 'http/json' }, /protocol must be 'http\/protobuf' or 'http\/json', got "grpc"/],
    [{ temporality: 'x' as 'delta' }, /temporality must be/],
    [{ onStop: 'x' as 'keep' }, /onStop must be/],
    [{ maxPointsPerRequest: 0 }, /maxPointsPerRequest must be an integer/],
    [{ resource: { a: null as unknown as string } }, /resource: a must be a string, a number or a boolean, got null/],
    [{ url: 'localhost' }, /url must/],
  ];
  for (const [options, message] of invalid) assert.throws(() => new OtlpExporter(options), message);
});
