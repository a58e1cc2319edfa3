import { isObject, ownData } from '../../model/inert.ts';
import type { Logger, LogMethod } from '../../model/logger.ts';
import { thrownStack, thrownText } from '../../model/thrown.ts';
import type { LogLine } from '../../workers/scrape-thread/thread-settings.ts';

const MAX_FIELDS = 100;

/** Returns a logger whose lines are passed to `send`, with fields that a message to another thread can have. */
export function forwardingLogger(send: (line: LogLine) => void): Logger {
  const method =
    (level: keyof Logger): LogMethod =>
    (message, fields = {}) =>
      send({ level, message, fields: Object.fromEntries(ownData(fields, MAX_FIELDS).map(cloneable)) });
  return { debug: method('debug'), info: method('info'), warn: method('warn'), error: method('error') };
}

function cloneable([name, value]: readonly [string, unknown]): [string, unknown] {
  if (!isObject(value)) return [name, typeof value === 'symbol' ? String(value) : value];
  const error = new Error(thrownText(value));
  error.stack = thrownStack(value);
  return [name, error];
}
