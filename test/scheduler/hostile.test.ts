/** Tasks, listeners, loggers and random number generators that throw all kinds of values. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createLogger } from '../../src/exporter/log/structured-logger.ts';
import type { Logger } from '../../src/scheduler/index.ts';
import { hostileFunctions, hostileValues } from '../hostile-values.ts';
import { setUpScheduler } from './scheduler-fixture.ts';

/** The logger of exporters, which formats all fields, in both formats. */
function formattingLogger(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const [logfmt, json] = [createLogger({ write }), createLogger({ write, format: 'json' })];
  const both = (level: keyof Logger) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    logfmt[level](message, fields);
    json[level](message, fields);
  };
  return { logger: { debug: both('debug'), info: both('info'), warn: both('warn'), error: both('error') }, lines };
}

for (const { what, fn } of hostileFunctions) {
  suite(`a function that ${what}`, () => {
    test('as a task runs, and runs again', async () => {
      const { logger, lines } = formattingLogger();
      const { clock, scheduler } = setUpScheduler({ logger });
      const task = scheduler.every('10s', fn, { name: 'hostile', retry: { attempts: 1, jitter: 'none', min: '1s' } });
      let others = 0;
      scheduler.every('10s', () => others++, { name: 'other' });
      scheduler.start();
      await clock.advance('25s');
      const { counts, state, lastError } = task.status;
      assert.equal(state, 'scheduled');
      assert.equal(counts.success + counts.error, 2);
      assert.equal(typeof lastError?.message, counts.error > 0 ? 'string' : 'undefined');
      assert.equal(lines.filter((line) => line.includes('Task hostile failed: ')).length, 2 * counts.error);
      assert.equal(others, 2);
    });

    test('as listener, onError and logger affects nothing else', async () => {
      const { clock, scheduler } = setUpScheduler({
        onError: fn,
        logger: { debug: fn, info: fn, warn: fn, error: fn },
      });
      for (const event of ['run:start', 'run:end', 'error', 'state'] as const) scheduler.on(event, fn);
      const task = scheduler.every('10s', failing, { name: 'failing' });
      scheduler.start();
      await clock.advance('25s');
      assert.equal(task.status.counts.error, 2);
    });
  });
}

for (const { what, make } of hostileValues) {
  test(`a random number generator that throws ${what} does not prevent the next attempt`, async () => {
    const random = () => {
      throw make();
    };
    const { clock, scheduler } = setUpScheduler({ random });
    const task = scheduler.every('10s', failing, { name: 'failing', retry: { attempts: 1, min: '1s' } });
    scheduler.start();
    await clock.advance('25s');
    assert.equal(task.status.counts.error, 2);
    assert.equal(task.status.state, 'scheduled');
  });
}

function failing({ log }: { readonly log: Logger }): never {
  log.info('About to fail.');
  throw new Error('failed');
}
