/** A text that cannot be read, and where. */
export class YamlError extends Error {
  override readonly name = 'YamlError';

  /** `line` and `column` count from 1. */
  constructor(reason: string, line: number, column: number) {
    super(`line ${line}, column ${column}: ${reason}`);
  }
}
