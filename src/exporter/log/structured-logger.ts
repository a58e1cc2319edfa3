import type { Logger } from '../../model/logger.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import { callUserCode } from '../../model/thrown.ts';
import { formatLine, type LogFields, type LogFormat } from './log-line.ts';

export { type LogFormat, logFormats } from './log-line.ts';
/** Log levels, from the lowest to the highest. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
/** Level of a log message. */
export type LogLevel = (typeof logLevels)[number];

/** Options of {@link createLogger}. */
export interface LoggerOptions {
  /**
   * Lowest level to write.
   *
   * @defaultValue `'info'`
   */
  readonly level?: LogLevel;
  /**
   * Output format.
   *
   * @defaultValue `'logfmt'`
   */
  readonly format?: LogFormat;
  /**
   * Writes a line, which ends with a line feed. Errors that it throws are ignored.
   *
   * @defaultValue writes to standard error
   */
  readonly write?: (line: string) => void;
}

const LOGGER_OPTIONS: OptionNames<LoggerOptions> = {
  level: true,
  format: true,
  write: true,
};

/**
 * Creates the structured logger that exporters use: one line for each message, with `time`, `level` and `msg` before
 * the fields.
 *
 * Fields that have one of these three names get the prefix `field_`. Errors are written as their message, with their
 * name and code in `FIELD_name` and `FIELD_code`, and without other properties, which may contain passwords. Logging
 * never throws and calls no code of the values, such as getters or `toJSON()`. Long values are truncated, and control
 * characters are escaped, so that a value cannot forge a line.
 *
 * @example
 * ```ts
 * import { createLogger } from 'zeroprom/exporter';
 *
 * const logger = createLogger({ format: 'json', write: (line) => process.stdout.write(line) });
 * logger.info('Connected.', { host: 'db.example', attempts: 2 });
 * logger.error('Query failed.', { err: new Error('timeout') });
 * ```
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  checkOptionNames('createLogger()', options, LOGGER_OPTIONS);
  const { level = 'info', format = 'logfmt', write = (line) => void process.stderr.write(line) } = options;
  const lowest = logLevels.indexOf(level);
  const at =
    (name: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(name) < lowest) return;
      callUserCode(() => write(formatLine(format, name.toUpperCase(), message, fields)));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
