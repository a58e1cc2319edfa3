import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, type LoggerOptions } from '../../src/http/index.ts';

function logged(options: LoggerOptions, log: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  log(createLogger({ ...options, write: (line) => lines.push(line) }));
  return lines;
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

for (const format of ['logfmt', 'json'] as const) {
  test(`${format}: no value can forge a line`, () => {
    const [line = ''] = logged({ format }, (logger) => logger.warn('a\nb', { target: 'x\r\nlevel=ERROR "y"' }));
    assert.equal(line.indexOf('\n'), line.length - 1);
    assert.equal(line.includes('\r'), false);
  });
}

test('what is below the level is not written', () => {
  const lines = logged({ level: 'warn' }, (logger) => {
    logger.debug('no');
    logger.info('no');
    logger.warn('yes');
    logger.error('yes');
  });
  assert.equal(lines.length, 2);
});
