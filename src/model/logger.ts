/** Writes a line with fields. */
export type LogMethod = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** A structured logger. `console` can be used as it is; other loggers need a small adapter if they take fields first. */
export interface Logger {
  /** Writes details for debugging. */
  readonly debug: LogMethod;
  /** Writes normal events. */
  readonly info: LogMethod;
  /** Writes problems that do not stop the operation. */
  readonly warn: LogMethod;
  /** Writes failures. */
  readonly error: LogMethod;
}
