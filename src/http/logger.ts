import type { Logger } from '../model/logger.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export const logFormats = ['logfmt', 'json'] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogFormat = (typeof logFormats)[number];

export interface LoggerOptions {
  /** `info` by default; what is below it is not written. */
  readonly level?: LogLevel;
  /** `logfmt` by default. */
  readonly format?: LogFormat;
  /** Gets each line, with its line feed; stderr by default. */
  readonly write?: (line: string) => void;
}

type Fields = Readonly<Record<string, unknown>>;

/** Writes one line an event. No value can forge another line: control characters are escaped in both formats. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', format = 'logfmt', write = (line) => void process.stderr.write(line) } = options;
  const lowest = logLevels.indexOf(level);
  const line = format === 'json' ? jsonLine : logfmtLine;
  const at =
    (name: LogLevel) =>
    (message: string, fields: Fields = {}) => {
      if (logLevels.indexOf(name) < lowest) return;
      write(line({ time: new Date().toISOString(), level: name.toUpperCase(), msg: message, ...fields }));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function jsonLine(fields: Fields): string {
  return `${JSON.stringify(fields, (_, value: unknown) => plain(value))}\n`;
}

function logfmtLine(fields: Fields): string {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${quoted(String(plain(value)))}`);
  return `${pairs.join(' ')}\n`;
}

function plain(value: unknown): unknown {
  if (value instanceof Error) return value.message;
  return typeof value === 'bigint' ? String(value) : value;
}

/** Bare where nothing in it could be taken for syntax. */
function quoted(value: string): string {
  return /^[\w.:/+@%-]+$/.test(value) ? value : JSON.stringify(value);
}
