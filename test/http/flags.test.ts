import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpText, parseArguments, UsageError } from '../../src/http/flags.ts';

const flags = {
  'web.telemetry-path': { help: 'Path of the metrics.', default: '/metrics' },
  'example.count': { help: 'How many.', default: '3', parse: positive },
};

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new RangeError(`${text} is not positive.`);
  return value;
}

function parse(args: string[], env: NodeJS.ProcessEnv = {}) {
  return parseArguments(flags, args, env, 'example_exporter');
}

test('a flag that nobody gives has its default', () => {
  assert.deepEqual({ ...parse([]).values }, { 'web.telemetry-path': '/metrics', 'example.count': 3 });
});

test('a value stands behind an equals sign or as the next argument', () => {
  const { values } = parse(['--example.count=5', '--web.telemetry-path', '/m=1']);
  assert.deepEqual({ ...values }, { 'web.telemetry-path': '/m=1', 'example.count': 5 });
});

test('the environment counts where the command line says nothing', () => {
  const env = { EXAMPLE_EXPORTER_EXAMPLE_COUNT: '7', EXAMPLE_EXPORTER_WEB_TELEMETRY_PATH: '/env' };
  const { values } = parse(['--web.telemetry-path=/flag'], env);
  assert.deepEqual({ ...values }, { 'web.telemetry-path': '/flag', 'example.count': 7 });
});

const mistakes: readonly [args: string[], env: NodeJS.ProcessEnv, message: string][] = [
  [['--web.telemetry-pth=/x'], {}, 'unknown flag --web.telemetry-pth; did you mean --web.telemetry-path?'],
  [['--quite-another-thing'], {}, 'unknown flag --quite-another-thing; see --help.'],
  [['--__proto__=1'], {}, 'unknown flag --__proto__; see --help.'],
  [['--example.count'], {}, '--example.count needs a value: --example.count=3'],
  [['--example.count=-1'], {}, '--example.count: -1 is not positive.'],
  [[], { EXAMPLE_EXPORTER_EXAMPLE_COUNT: 'x' }, 'EXAMPLE_EXPORTER_EXAMPLE_COUNT: x is not positive.'],
];

for (const [args, env, message] of mistakes) {
  test(`a mistake is told in one line: ${message}`, () => {
    assert.throws(() => parse(args, env), new UsageError(message));
  });
}

test('--help and --version win over mistakes', () => {
  assert.equal(parse(['--example.count=-1', '--help']).asked, 'help');
  assert.equal(parse(['--version', '--nonsense']).asked, 'version');
});

test('what has no dashes is a command', () => {
  assert.deepEqual(parse(['healthcheck', '--example.count=1']).commands, ['healthcheck']);
});

test('the help lists every flag with its default and its variable', () => {
  const text = helpText('example_exporter', 'Shows how.', flags, 'example_exporter');
  assert.match(text, /^Shows how\.$/m);
  assert.match(text, /^ {2}--example\.count=3 +How many\. \[EXAMPLE_EXPORTER_EXAMPLE_COUNT\]$/m);
});
