import type { Logger } from '../model/logger.ts';
import { printable } from '../model/printable.ts';
import { callUserCode, thrownStack } from '../model/thrown.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Adds fields to each line of another logger. Never throws, so that a failing logger cannot stop a schedule. */
export class FieldLogger implements Logger {
  readonly #logger: Logger;
  readonly #fields: Fields;

  constructor(logger: Logger, fields: Fields) {
    this.#logger = logger;
    this.#fields = fields;
  }

  debug(message: string, fields?: Fields): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: Fields): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: Fields): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: Fields): void {
    this.#write('error', message, fields);
  }

  #write(level: keyof Logger, message: string, fields?: Fields): void {
    // Errors are dropped: there is nowhere left to report a failing logger.
    callUserCode(() => this.#logger[level](message, { ...this.#fields, ...fields }));
  }
}

/** A logger whose lines go to another one, which can be replaced. */
export class ReplaceableLogger implements Logger {
  target: Logger;

  constructor(target: Logger) {
    this.target = target;
  }

  debug(message: string, fields?: Fields): void {
    this.target.debug(message, fields);
  }

  info(message: string, fields?: Fields): void {
    this.target.info(message, fields);
  }

  warn(message: string, fields?: Fields): void {
    this.target.warn(message, fields);
  }

  error(message: string, fields?: Fields): void {
    this.target.error(message, fields);
  }
}

/** The default logger: emits warnings and errors as process warnings, so that no failure goes unseen. */
export const warningLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn,
  error: warn,
};

function warn(message: string, fields: Fields = {}): void {
  const { error, ...others } = fields;
  const lines = Object.entries(others).map(([name, value]) => `${name}: ${printable(String(value))}`);
  if (error !== undefined) lines.push(thrownStack(error));
  process.emitWarning(message, {
    type: 'SchedulerWarning',
    ...(lines.length > 0 && { detail: lines.join('\n') }),
  });
}
