import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { informationFlag, parseArguments } from '../../src/command-line/arguments.ts';
import { helpText } from '../../src/command-line/help.ts';
import { UsageError } from '../../src/command-line/usage-error.ts';

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
  return parseArguments(flags, args, { env, prefix: 'example_exporter' });
}

test('a flag that is not given has its default', () => {
  assert.deepEqual({ ...parse([]).values }, { 'web.telemetry-path': '/metrics', 'example.count': 3 });
});

test('a value follows an equals sign or is the next argument', () => {
  const { values } = parse(['--example.count=5', '--web.telemetry-path', '/m=1']);
  assert.deepEqual({ ...values }, { 'web.telemetry-path': '/m=1', 'example.count': 5 });
});

test('the environment sets flags that are not on the command line', () => {
  const env = { EXAMPLE_EXPORTER_EXAMPLE_COUNT: '7', EXAMPLE_EXPORTER_WEB_TELEMETRY_PATH: '/env' };
  const { values } = parse(['--web.telemetry-path=/flag'], env);
  assert.deepEqual({ ...values }, { 'web.telemetry-path': '/flag', 'example.count': 7 });
});

const mistakes: readonly [args: string[], env: NodeJS.ProcessEnv, message: string][] = [
  [['--web.telemetry-pth=/x'], {}, 'unknown flag --web.telemetry-pth; did you mean --web.telemetry-path?'],
  [['--quite-another-thing'], {}, 'unknown flag --quite-another-thing.'],
  [['--__proto__=1'], {}, 'unknown flag --__proto__.'],
  [['--example.count'], {}, '--example.count needs a value: --example.count=3.'],
  [['--example.count=-1'], {}, '--example.count: -1 is not positive.'],
  [[], { EXAMPLE_EXPORTER_EXAMPLE_COUNT: 'x' }, 'EXAMPLE_EXPORTER_EXAMPLE_COUNT: x is not positive.'],
];

for (const [args, env, message] of mistakes) {
  test(`a usage error is one line: ${message}`, () => {
    assert.throws(() => parse(args, env), new UsageError(message));
  });
}

test('--help and --version take precedence over usage errors', () => {
  assert.equal(informationFlag(['--example.count=-1', '--help']), 'help');
  assert.equal(informationFlag(['--nonsense', '--version', '--help']), 'version');
  assert.equal(informationFlag(['--', '--help']), undefined);
});

test('an argument without dashes is an operand', () => {
  assert.deepEqual(parse(['healthcheck', '--example.count=1']).operands, ['healthcheck']);
});

test('the help lists every flag with its default and its variable', () => {
  const text = helpText({ usage: 'example_exporter', description: ['Shows how.'], flags, prefix: 'example_exporter' });
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
  return parseArguments(shapes, args, { env, prefix: 'x' });
}

test('the value of a repeatable flag is a list, with commas in the environment', () => {
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

test('a switch does not consume the next argument', () => {
  assert.deepEqual(shaped(['--on', 'healthcheck']).operands, ['healthcheck']);
});

for (const [args, message] of [
  [['--versoin'], 'unknown flag --versoin; did you mean --version?'],
  [['--no-at'], 'unknown flag --no-at; did you mean --at?'],
  [['--on=maybe'], '--on: must be true or false, got "maybe".'],
  [['--no-on=true'], 'unknown flag --no-on; did you mean --on?'],
] as const) {
  test(`an invalid switch: ${message}`, () => {
    assert.throws(() => shaped([...args]), { name: 'UsageError', message });
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

test('other flags cannot come from a file', () => {
  assert.deepEqual(shaped([], { X_ON_FILE: '/etc/passwd' }).values.on, false);
});

test('unknown variables with the prefix are listed by name', () => {
  const { unknownVariables } = shaped([], { X_ATT: '1', X_PASSWORD_FILE: '/dev/null', X_ON: '1', XY: '1' });
  assert.deepEqual(unknownVariables, ['X_ATT']);
});

test('the flags that were given are known, with their texts', () => {
  const { given } = shaped(['--on'], { X_AT: '1' });
  assert.deepEqual(
    [...given],
    [
      ['at', ['1']],
      ['on', ['true']],
    ],
  );
});

const commandFlags = {
  format: { help: 'Format of the report.', placeholder: 'FORMAT', parse: (text: string) => text.toUpperCase() },
  timeout: { help: 'Timeout.', placeholder: 'DURATION', default: '10s' },
  watch: { help: 'Repeat.', placeholder: 'DURATION', implicitValue: '2s' },
  rule: { help: 'Rule.', placeholder: 'RULE', isRepeatable: true },
  quiet: { help: 'Print nothing.', isSwitch: true },
} as const;

test('without a default the value is undefined, empty or false', () => {
  const { values } = parseArguments(commandFlags, []);
  assert.deepEqual({ ...values }, { format: undefined, timeout: '10s', watch: undefined, rule: [], quiet: false });
});

test('an optional value must follow an equals sign', () => {
  const { values, operands } = parseArguments(commandFlags, ['--watch', 'input', '--format', 'text']);
  assert.deepEqual([values.watch, values.format, operands], ['2s', 'TEXT', ['input']]);
  assert.equal(parseArguments(commandFlags, ['--watch=5s']).values.watch, '5s');
});

test('a dash and everything after two dashes are operands', () => {
  const { operands, values } = parseArguments(commandFlags, ['-', '--quiet', '--', '--rule', '-']);
  assert.deepEqual([operands, values.quiet, values.rule], [['-', '--rule', '-'], true, []]);
});

test('another flag is not a value', () => {
  assert.throws(() => parseArguments(commandFlags, ['--format', '--quiet']), {
    name: 'UsageError',
    message: '--format needs a value: --format=FORMAT.',
  });
});

test('the last value of a flag counts unless it is repeatable', () => {
  const { values } = parseArguments(commandFlags, ['--format=a', '--rule=a', '--format=b', '--rule=b']);
  assert.deepEqual([values.format, values.rule], ['B', ['a', 'b']]);
});

test('without an environment the help names no variables, and wraps lines', () => {
  const long = 'A word '.repeat(30).trim();
  const text = helpText({
    usage: 'x check [flags] [INPUT]...',
    description: [long],
    flags: { ...commandFlags, 'a-flag-with-a-name-that-is-longer-than-its-column': { help: long } },
    commands: { check: 'Checks.' },
    exitCodes: new Map([[0, 'Success.']]),
    footer: 'The end.',
  });
  assert.match(text, /^usage: x check \[flags\] \[INPUT\]\.\.\.\n\nA word/);
  assert.match(
    text,
    /^Flags:\n {2}--format=FORMAT {5}Format of the report\.\n {2}--timeout=DURATION {2}Timeout\. Default: 10s\.\n/m,
  );
  assert.match(
    text,
    /^ {2}--watch\[=DURATION\] {2}Repeat\.\n {2}--rule=RULE {9}Rule\. Repeatable\.\n {2}--quiet {13}Print nothing\.\n/m,
  );
  assert.match(text, /^ {2}--a-flag-with-a-name-that-is-longer-than-its-column=\.\.\.\n {22}A word/m);
  assert.match(text, /\n\nCommands:\n {2}check {2}Checks\.\n\nExit codes:\n {2}0 {2}Success\.\n\nThe end\.\n$/);
  assert.ok(text.split('\n').every((line) => line.length <= 100));
});
