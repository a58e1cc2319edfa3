import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseArguments } from '../../src/command-line/arguments.ts';
import { UsageError } from '../../src/command-line/flag.ts';
import { helpText } from '../../src/command-line/help.ts';

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

const shapes = {
  at: { help: 'Where.', default: 'a,b', isRepeatable: true },
  on: { help: 'Whether.', default: 'false', isSwitch: true },
  off: { help: 'Whether not.', default: 'true', isSwitch: true },
  password: { help: 'Secret.', default: '', isSecret: true },
} as const;

function shaped(args: string[], env: NodeJS.ProcessEnv = {}) {
  return parseArguments(shapes, args, env, 'x');
}

test('what can be given several times is a list, with commas in the environment', () => {
  assert.deepEqual(shaped([]).values.at, ['a', 'b']);
  assert.deepEqual(shaped(['--at=1,2', '--at', '3']).values.at, ['1,2', '3']);
  assert.deepEqual(shaped([], { X_AT: '1, 2' }).values.at, ['1', '2']);
  assert.deepEqual(shaped(['--at=3'], { X_AT: '1,2' }).values.at, ['3']);
});

for (const [args, env, on, off] of [
  [[], {}, false, true],
  [['--on', '--no-off'], {}, true, false],
  [['--on=false', '--off=true'], {}, false, true],
  [['--no-on', '--on'], {}, true, true],
  [[], { X_ON: '1', X_OFF: 'false' }, true, false],
  [['--no-on'], { X_ON: 'true' }, false, true],
] as const) {
  test(`switches: ${args.join(' ')} ${JSON.stringify(env)}`, () => {
    const { values } = shaped([...args], env);
    assert.deepEqual([values.on, values.off], [on, off]);
  });
}

test('a switch does not swallow what stands behind it', () => {
  assert.deepEqual(shaped(['--on', 'healthcheck']).commands, ['healthcheck']);
});

for (const [args, message] of [
  [['--no-at'], 'unknown flag --no-at; did you mean --on?'],
  [['--on=maybe'], '--on: "maybe" is neither true nor false.'],
  [['--no-on=true'], 'unknown flag --no-on; did you mean --on?'],
] as const) {
  test(`a switch that is none: ${message}`, () => {
    assert.throws(() => shaped([...args]), { name: 'UsageError', message: /^(unknown flag|--on: "maybe")/ });
  });
}

test('a secret can come from a file, without the line feed at its end', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'secret'), 'pass word\n');
  assert.equal(shaped([], { X_PASSWORD_FILE: join(folder, 'secret') }).values.password, 'pass word');
  assert.equal(shaped([], { X_PASSWORD_FILE: 'no', X_PASSWORD: 'x' }).values.password, 'x');
  assert.throws(() => shaped([], { X_PASSWORD_FILE: join(folder, 'none') }), {
    name: 'UsageError',
    message: /^X_PASSWORD_FILE: ENOENT/,
  });
});

test('only a secret has such a file', () => {
  assert.deepEqual(shaped([], { X_ON_FILE: '/etc/passwd' }).values.on, false);
});

test('variables that look like those of flags and are none are told, by name only', () => {
  const { unknownVariables } = shaped([], { X_ATT: '1', X_PASSWORD_FILE: '/dev/null', X_ON: '1', XY: '1' });
  assert.deepEqual(unknownVariables, ['X_ATT']);
});

test('what was given is known', () => {
  assert.deepEqual([...shaped(['--on'], { X_AT: '1' }).given], ['at', 'on']);
});
