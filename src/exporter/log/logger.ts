import type { Logger } from '../../model/logger.ts';
import { callUserCode } from '../../model/user-code.ts';
import { type Fields, type LogFormat, lineOf } from './log-line.ts';

export { type LogFormat, logFormats } from './log-line.ts';
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  /** `info` by default; what is below it is not written. */
  readonly level?: LogLevel;
  /** `logfmt` by default. */
  readonly format?: LogFormat;
  /** Gets each line, with its line feed; stderr by default. */
  readonly write?: (line: string) => void;
}

/**
 * Writes one line for each event, with `time`, `level` and `msg` before the fields: a field with one of these names is
 * written as `field_time` and so on. Of an error it writes the message, and its name and code in `NAME_name` and
 * `NAME_code`, but no other property. It never throws, runs no code of what it is given, and cuts what is too long; no
 * value can forge another line, as characters that are not printable are escaped in both formats.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', format = 'logfmt', write = (line) => void process.stderr.write(line) } = options;
  const lowest = logLevels.indexOf(level);
  const at =
    (name: LogLevel) =>
    (message: string, fields: Fields = {}) => {
      if (logLevels.indexOf(name) < lowest) return;
      callUserCode(() => write(lineOf(format, name.toUpperCase(), message, fields)));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
