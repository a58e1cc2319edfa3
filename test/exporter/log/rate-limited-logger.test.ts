import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateLimitedLogger } from '../../../src/http.ts';

function logged() {
  const lines: [level: string, message: string, fields: unknown][] = [];
  const at = (level: string) => (message: string, fields?: unknown) => void lines.push([level, message, fields]);
  let time = 0;
  const inner = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const logger = rateLimitedLogger(inner, { intervalMs: 1000, now: () => time });
  return { logger, lines, pass: (ms: number) => (time += ms) };
}

test('an error is written once a minute for each collector, with the number of suppressed ones', () => {
  const { logger, lines, pass } = logged();
  for (let count = 0; count < 5; count++) logger.error('Failed.', { collector: 'a', err: count });
  logger.error('Failed.', { collector: 'b' });
  pass(1000);
  logger.error('Failed.', { collector: 'a' });
  pass(1000);
  logger.error('Failed.', { collector: 'a' });
  assert.deepEqual(lines, [
    ['error', 'Failed.', { collector: 'a', err: 0 }],
    ['error', 'Failed.', { collector: 'b' }],
    ['error', 'Failed.', { collector: 'a', suppressed: 4 }],
    ['error', 'Failed.', { collector: 'a' }],
  ]);
});

test('messages below warnings are always written', () => {
  const { logger, lines } = logged();
  for (let count = 0; count < 3; count++) {
    logger.info('Hello.');
    logger.debug('Hello.');
  }
  assert.equal(lines.length, 6);
});

test('a million different messages take bounded memory', () => {
  const { logger, lines } = logged();
  for (let count = 0; count < 3000; count++) logger.warn(`Message ${count}.`);
  logger.warn('Message 0.');
  logger.warn('Message 2999.');
  assert.equal(lines.length, 3001);
});
