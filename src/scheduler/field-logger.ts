import { stackOf } from '../model/thrown.ts';
import { callUserCode } from '../model/user-code.ts';

type Fields = Readonly<Record<string, unknown>>;
type Log = (message: string, fields?: Fields) => void;

/** Where the scheduler and its tasks write. `console` fits. */
export interface Logger {
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}

/** Adds fields to each line of another logger, and never throws: a log that fails must not stop a schedule. */
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
    // There is nowhere left to tell of a logger that fails.
    callUserCode(() => this.#logger[level](message, { ...this.#fields, ...fields }));
  }
}

/** For who gave no logger: warnings and errors become warnings of the process, so that no failure goes unseen. */
export const warningLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn,
  error: warn,
};

function warn(message: string, fields: Fields = {}): void {
  const { error } = fields;
  process.emitWarning(message, {
    type: 'SchedulerWarning',
    ...(error === undefined ? {} : { detail: stackOf(error) }),
  });
}
