import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startExample } from '../child.ts';
import { until } from '../e2e/prometheus.ts';
import { Gate } from '../http/gated-collector.ts';
import { needs } from '../installed-programs.ts';
import { samplesOf, startPushgateway } from '../push/pushgateway/real-gateway.ts';
import { startReceiver } from '../push/receiver.ts';
import { FakeReceiver } from '../push/remote-write/fake-receiver.ts';

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'zeroprom-deliveries-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

/** Starts the example exporter and stops it as soon as it listens. */
async function runBriefly(t: TestContext, args: readonly string[]): Promise<string> {
  const example = startExample(t, args);
  await example.metricsUrl();
  example.process.kill('SIGTERM');
  assert.equal(await example.ended, 0, example.stderr());
  return example.stderr();
}

test('pushes the last values to a Pushgateway', needs('prometheus-pushgateway'), async (t) => {
  const url = await startPushgateway(t);
  await runBriefly(t, [`--push.url=${url}`, '--push.label=env=test', '--push.label=zone=a b']);
  assert.deepEqual(await samplesOf(url, 'example_total'), [
    'example_total{env="test",hoge="hogehoge",instance="",job="example_exporter",zone="a b"} 1',
  ]);
  assert.deepEqual(await samplesOf(url, 'process_cpu_seconds_total{env'), []);
});

test('pushes at each interval', async (t) => {
  const pushed = new Gate();
  const receiver = await startReceiver(t, (response) => {
    response.end();
    pushed.open();
  });
  await startExample(t, [`--push.url=${receiver.url}`, '--push.job=nightly', '--push.interval=10ms']).metricsUrl();
  await pushed.promise;
  assert.equal(receiver.requests[0]?.path, '/metrics/job/nightly');
});

test('sends the last values by remote write', async (t) => {
  const receiver = await FakeReceiver.start(t);
  await runBriefly(t, [`--remote-write.url=${receiver.url}`, '--remote-write.label=env=test']);
  const series = receiver.received.flatMap(({ request }) => request.series);
  const labels = series.map(({ labels }) => Object.fromEntries(labels));
  const own = { job: 'example_exporter', instance: hostname(), env: 'test' };
  assert.deepEqual(
    labels.find((set) => set.__name__ === 'example_total'),
    { __name__: 'example_total', hoge: 'hogehoge', ...own },
  );
  assert.ok(labels.some((set) => set.__name__ === 'process_cpu_seconds_total'));
});

test('exports the last values by OTLP', async (t) => {
  const receiver = await startReceiver(t);
  await runBriefly(t, [`--otlp.endpoint=${receiver.url}/`, '--otlp.resource=service.namespace=test']);
  const [first] = receiver.requests;
  assert.equal(first?.path, '/v1/metrics');
  const body = first.body.toString('latin1');
  for (const text of [
    'example_total',
    'process_cpu_seconds_total',
    'service.name',
    'example_exporter',
    'service.namespace',
  ]) {
    assert.ok(body.includes(text), `${text} is missing.`);
  }
});

test('writes a textfile with the last values', async (t) => {
  const path = join(await folder(t), 'example.prom');
  await runBriefly(t, [`--textfile.path=${path}`]);
  assert.match(await readFile(path, 'utf8'), /^example_total\{hoge="hogehoge"\} 1$/m);
});

test('reads passwords and tokens from files', async (t) => {
  const receiver = await startReceiver(t);
  const password = join(await folder(t), 'password');
  await writeFile(password, 'secret\n');
  await runBriefly(t, [`--push.url=${receiver.url}`, '--push.username=me', `--push.password-file=${password}`]);
  await runBriefly(t, [`--push.url=${receiver.url}`, `--push.bearer-token-file=${password}`]);
  const sent = receiver.requests.map(({ headers }) => headers.authorization);
  assert.deepEqual(sent, [`Basic ${Buffer.from('me:secret').toString('base64')}`, 'Bearer secret']);
});

test('a receiver that cannot be reached is logged, and does not change the exit code', async (t) => {
  const log = await runBriefly(t, ['--push.url=http://127.0.0.1:1', '--web.shutdown-timeout=100ms']);
  assert.match(log, /level=ERROR msg="The last push to the Pushgateway failed\."/);
});

test('all targets get the last values', async (t) => {
  const receiver = await startReceiver(t);
  const path = join(await folder(t), 'example.prom');
  await runBriefly(t, [
    ...[`--push.url=${receiver.url}`, `--otlp.endpoint=${receiver.url}`, `--remote-write.url=${receiver.url}/write`],
    ...['--push.interval=1h', '--otlp.interval=1h', '--remote-write.interval=1h', `--textfile.path=${path}`],
  ]);
  const paths = new Set(receiver.requests.map((request) => request.path));
  assert.deepEqual([...paths].sort(), ['/metrics/job/example_exporter', '/v1/metrics', '/write']);
  assert.match(await readFile(path, 'utf8'), /^example_total/m);
});

test('deliveries are tasks of the exporter, and one that fails does not make it unready', async (t) => {
  const path = join(await folder(t), 'example.prom');
  const dead = 'http://127.0.0.1:1';
  const flags = [
    `--push.url=${dead}`,
    `--remote-write.url=${dead}`,
    `--otlp.endpoint=${dead}`,
    `--textfile.path=${path}`,
  ];
  const url = await startExample(t, [...flags, '--push.interval=1ms']).metricsUrl();
  const failures = /scheduler_task_consecutive_failures\{task="push to the Pushgateway"\} [1-9]/;
  let exposed = '';
  await until('a push has failed', async () => {
    exposed = await (await fetch(url)).text();
    return failures.test(exposed);
  });
  for (const task of ['remote write', 'export by OTLP', 'write_textfile', 'set_random_value']) {
    assert.match(exposed, new RegExp(`scheduler_task_next_run_timestamp_seconds\\{task="${task}"\\} `));
  }
  const page = await (await fetch(new URL('/', url))).text();
  assert.match(page, /push to the Pushgateway/);
  assert.equal((await fetch(new URL('/-/ready', url))).status, 200);
});

const mistakes = [
  [['--push.url=localhost:9091'], '--push.url: must be a URL with http:// or https://, got another text. See --help.'],
  [['--push.url=http://h', '--push.label=env'], '--push.label: must be NAME=VALUE, got "env". See --help.'],
  [
    ['--push.url=http://h', '--push.label=job=x'],
    '--push.url: --push.label must not set job; use --push.job. See --help.',
  ],
  [
    ['--push.url=http://h', '--push.interval=0s'],
    "--push.interval: The duration must be greater than 0, got '0s'. See --help.",
  ],
  [
    ['--remote-write.url=http://h', '--remote-write.password-file=x'],
    '--remote-write.url: --remote-write.password-file requires --remote-write.username. See --help.',
  ],
  [
    ['--textfile.path=/tmp/x'],
    '--textfile.path: path must end in .prom, because node_exporter ignores other files, got "/tmp/x". See --help.',
  ],
] as const;

for (const [args, message] of mistakes) {
  test(`${args.join(' ')} ends the program with one line`, async (t) => {
    const example = startExample(t, args);
    assert.equal(await example.ended, 1);
    assert.equal(example.stderr().split('\n')[0], `example_exporter: error: ${message}`);
  });
}
