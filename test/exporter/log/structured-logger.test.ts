import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { createLogger, type LoggerOptions, rateLimitedLogger } from '../../../src/http.ts';
import { hostileFunctions, hostileValues } from '../../hostile-values.ts';

function logged(options: LoggerOptions, log: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  log(createLogger({ ...options, write: (line) => lines.push(line) }));
  return lines;
}

/** Returns the fields of a JSON line, without time and level. */
function fieldsOf(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const [line = ''] = logged({ format: 'json' }, (logger) => logger.info('Event.', fields));
  const { time, level, msg, ...rest } = JSON.parse(line);
  assert.equal(level, 'INFO');
  assert.equal(msg, 'Event.');
  assert.equal(new Date(time).toISOString(), time);
  return rest;
}

/** Returns the end of a logfmt line, after time, level and message. */
function logfmtOf(fields: Readonly<Record<string, unknown>>): string {
  const [line = ''] = logged({}, (logger) => logger.info('Event.', fields));
  assert.match(line, /^time=\S+ level=INFO msg=Event\. ?/);
  return line.replace(/^time=\S+ level=INFO msg=Event\. ?/, '').trimEnd();
}

test('logfmt: time, level, message and fields in one line', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
  const lines = logged({}, (logger) => logger.info('Listening now.', { port: 2112, url: 'http://x:1/m' }));
  assert.deepEqual(lines, [
    'time=2026-01-02T03:04:05.678Z level=INFO msg="Listening now." port=2112 url=http://x:1/m\n',
  ]);
});

test('JSON: the same as an object', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 0 });
  const lines = logged({ format: 'json' }, (logger) => logger.error('Failed.', { err: new Error('no'), big: 5n }));
  assert.deepEqual(lines, [
    '{"time":"1970-01-01T00:00:00.000Z","level":"ERROR","msg":"Failed.","err":"no","big":"5"}\n',
  ]);
});

test('messages below the level are not written', () => {
  const lines = logged({ level: 'warn' }, (logger) => {
    logger.debug('no');
    logger.info('no');
    logger.warn('yes');
    logger.error('yes');
  });
  assert.equal(lines.length, 2);
});

const values: readonly (readonly [what: string, value: unknown, json: unknown, logfmt: string])[] = [
  ['a number', 1.5, 1.5, '1.5'],
  ['a number that JSON lacks', Number.NaN, 'NaN', 'NaN'],
  ['a boolean', false, false, 'false'],
  ['null', null, null, 'null'],
  ['undefined', undefined, undefined, 'undefined'],
  ['a symbol', Symbol('s'), 'Symbol(s)', '"Symbol(s)"'],
  ['a function', () => {}, '[function]', '"[function]"'],
  ['a date', new Date(0), '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
  ['an invalid date', new Date(Number.NaN), 'Invalid Date', '"Invalid Date"'],
  ['an array', [1, 'two', undefined, [3]], [1, 'two', null, [3]], '"[1,\\"two\\",null,[3]]"'],
  ['an object', { a: { b: 1 }, c: undefined }, { a: { b: 1 } }, '"{\\"a\\":{\\"b\\":1}}"'],
  ['an object of a class', new Map([[1, 2]]), '[object]', '"[object]"'],
  ['an error within an object', { a: new Error('no') }, { a: 'no' }, '"{\\"a\\":\\"no\\"}"'],
  ['an object that is too deep', { a: { b: { c: { d: { e: 1 } } } } }, { a: { b: { c: { d: '…' } } } }, ''],
  ['a long string', 'x'.repeat(20_000), `${'x'.repeat(10_000)}…`, ''],
];

for (const [what, value, json, logfmt] of values) {
  test(`${what} as a field`, () => {
    assert.deepEqual(fieldsOf({ value }), json === undefined ? {} : { value: json });
    if (logfmt !== '') assert.equal(logfmtOf({ value }), `value=${logfmt}`);
  });
}

suite('errors', () => {
  /** Like the errors of HTTP clients: it contains the request, and toJSON() returns it. */
  const refused = () =>
    Object.assign(new TypeError('connect ECONNREFUSED'), {
      code: 'ECONNREFUSED',
      config: { auth: { password: 'secret' }, headers: { authorization: 'secret' } },
      toJSON: () => ({ password: 'secret' }),
    });

  test('message, name and code are written, and nothing else', () => {
    const err = { err: 'connect ECONNREFUSED', err_name: 'TypeError', err_code: 'ECONNREFUSED' };
    assert.deepEqual(fieldsOf({ err: refused() }), err);
    assert.equal(logfmtOf({ err: refused() }), 'err="connect ECONNREFUSED" err_name=TypeError err_code=ECONNREFUSED');
  });

  class Custom extends Error {
    override name = 'Custom';
    readonly password = 'secret';
    toJSON() {
      return { ...this };
    }
  }
  const leaking: readonly (readonly [what: string, value: unknown])[] = [
    ['an error of a class', new Custom('no')],
    ['an error with a cause', new Error('no', { cause: refused() })],
    ['an error of errors', new AggregateError([refused(), new Custom('x')], 'no')],
    ['an error of another context', runInNewContext('Object.assign(new Error("no"), { toJSON: () => "secret" })')],
    ['an object that was an error', { message: 'no', stack: 'Error: no\n', config: { password: 'secret' } }],
    [
      'an object of a class with a message',
      new (class {
        message = 'no';
        password = 'secret';
      })(),
    ],
    [
      'an object of a class',
      new (class {
        password = 'secret';
        toJSON = () => 'secret';
      })(),
    ],
    ['an object whose toJSON() tells all', { toJSON: () => 'secret' }],
    [
      'an object with a getter',
      {
        get password() {
          return 'secret';
        },
      },
    ],
    ['a proxy', new Proxy({ password: 'secret' }, {})],
  ];
  for (const [what, value] of leaking) {
    for (const [where, fields] of [
      ['as a field', { value }],
      ['in an object', { value: { deep: { value } } }],
      ['in an array', { value: [[value]] }],
    ] as const) {
      test(`${what} ${where} does not reveal a secret`, () => {
        const lines = (['json', 'logfmt'] as const).flatMap((format) => [
          ...logged({ format }, (logger) => logger.error('Failed.', fields)),
          ...logged({ format }, (logger) => logger.error(value as string)),
        ]);
        assert.equal(lines.length, 4);
        assert.doesNotMatch(lines.join(''), /secret/);
      });
    }
  }

  test('an error without a message is written with its name and code', () => {
    const err = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    assert.equal(fieldsOf({ err })['err'], 'AggregateError (ECONNREFUSED)');
  });

  test('an error as the message is written as its text', () => {
    const [line = ''] = logged({ format: 'json' }, (logger) => logger.error(refused() as never));
    assert.equal(JSON.parse(line).msg, 'connect ECONNREFUSED');
  });
});

suite('hostile values', () => {
  for (const { what, make } of hostileValues) {
    for (const format of ['logfmt', 'json'] as const) {
      test(`${format}: ${what}`, () => {
        const lines = logged({ format }, (logger) => {
          const limited = rateLimitedLogger(logger);
          limited.error('A field.', { err: make(), collector: make() });
          limited.error('Nested.', { list: [make()], object: { value: make() } });
          limited.warn(make() as string, make() as Record<string, unknown>);
        });
        assert.equal(lines.length, 3);
        for (const line of lines) {
          assert.ok(line.endsWith('\n') && line.length < 100_000);
          assert.doesNotMatch(line.slice(0, -1), /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
          if (format === 'json') assert.equal(typeof JSON.parse(line).msg, 'string');
        }
      });
    }
  }

  test('logging calls no code of a value', () => {
    let runs = 0;
    const run = () => String(++runs);
    const names = ['stack', 'message', 'name', 'code', 'toJSON', 'config', 'toString', 'then', 'constructor', 'length'];
    const getters = () => Object.fromEntries(names.map((name) => [name, { get: run, enumerable: true }]));
    const errors = [
      Object.defineProperties(new Error('x'), getters()),
      Object.defineProperties({}, getters()),
      Object.defineProperties(Object.create(null), getters()),
      new Proxy(new Error('x'), new Proxy({}, { get: run })),
      Object.create(new Proxy(Error.prototype, new Proxy({}, { get: run }))),
      Object.assign(() => {}, { toJSON: run, toString: run }),
      Object.assign(new Date(0), { toJSON: run, toISOString: run, getTime: run, valueOf: run }),
      Object.assign([1], { toJSON: run, map: run, join: run, [Symbol.iterator]: run }),
      Object.assign(5n, {}),
    ];
    runs = 0; // Some were called while they were defined.
    for (const format of ['json', 'logfmt'] as const) {
      for (const error of errors) {
        logged({ format }, (logger) => logger.error('Failed.', { error, nested: { error }, list: [error] }));
        logged({ format }, (logger) => logger.error(error as string, error));
      }
    }
    assert.equal(runs, 0);
  });

  test('logging does not call toJSON() of built-in prototypes', (t) => {
    const prototypes: object[] = [Object.prototype, Array.prototype, BigInt.prototype, Error.prototype];
    const toJSON = { value: () => 'polluted', configurable: true };
    t.after(() => {
      for (const prototype of prototypes) Reflect.deleteProperty(prototype, 'toJSON');
    });
    for (const prototype of prototypes) Object.defineProperty(prototype, 'toJSON', toJSON);
    assert.deepEqual(fieldsOf({ a: { b: [1n] }, err: new Error('no') }), { a: { b: ['1'] }, err: 'no' });
  });
});

suite('lines', () => {
  const unsafe = ['\u0000', '\n', '\r\n', '\u001b[2J', '\u007f', '\u0085', '\u009b', '\u2028', '\u2029'];
  const turning = ['\u061c', '\u200e', '\u200f', ...'\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'];
  for (const text of [...unsafe, ...turning, '\ud800']) {
    test(`${JSON.stringify(text)} is escaped, in messages, names and values`, () => {
      for (const format of ['logfmt', 'json'] as const) {
        const event = `a${text}level=ERROR b`;
        const fields = { [event]: event, err: new Error(event), deep: { [event]: [event] } };
        const [line = '', ...others] = logged({ format }, (logger) => logger.warn(event, fields));
        assert.deepEqual(others, []);
        assert.match(line.slice(0, -1), /^[\x20-\x7e]+$/);
        if (format === 'json') assert.equal(JSON.parse(line).msg, event);
        if (format === 'json') assert.equal(JSON.parse(line)[event], event);
        else assert.equal(line.match(/ level=/g)?.length, 1 + (line.match(/"[^"]* level=/g)?.length ?? 0));
      }
    });
  }

  test('ordinary text is not escaped', () => {
    assert.equal(logfmtOf({ a: 'naïve → 数 🎉' }), 'a="naïve → 数 🎉"');
  });

  test('fields with the same name, in any case, or a name of the logger are renamed', () => {
    const fields = { time: 1, level: 2, msg: 3, LEVEL: 4, field_level: 5, err_code: 6, err: refusal() };
    assert.deepEqual(fieldsOf(fields), {
      field_time: 1,
      field_level: 2,
      field_msg: 3,
      field_field_LEVEL: 4,
      field_field_field_level: 5,
      err_code: 6,
      err: 'no',
      field_err_code: 'E',
    });
  });

  test('a field may have any name', () => {
    const fields = JSON.parse('{"__proto__":1,"constructor":2,"a b":3,"":4}');
    const [line = ''] = logged({ format: 'json' }, (logger) => logger.info('Event.', fields));
    assert.ok(line.endsWith('"__proto__":1,"constructor":2,"a b":3,"":4}\n'));
    assert.equal(logfmtOf(fields), '__proto__=1 constructor=2 a_b=3 _=4');
  });

  test('the length of a line is limited, regardless of its fields', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key${index}`, 'x'.repeat(1000)]));
    const wide = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => many));
    for (const format of ['logfmt', 'json'] as const) {
      for (const fields of [many, { many }, { wide }]) {
        const [line = ''] = logged({ format }, (logger) => logger.info('Event.', fields));
        assert.ok(line.length < 100_000, `${line.length} characters`);
      }
    }
  });
});

function refusal(): Error {
  return Object.assign(new Error('no'), { code: 'E' });
}

for (const { what, fn } of hostileFunctions) {
  test(`a write() that ${what} has no effect`, async () => {
    const logger = createLogger({ write: fn });
    logger.error('Failed.');
    await new Promise((resolve) => setImmediate(resolve));
  });
}
