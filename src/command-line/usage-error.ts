/**
 * An expected failure of a program, such as a port in use or a missing file: reported in one line, without a stack
 * trace.
 */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** An invalid command line or environment variable: reported with a hint at `--help`. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';
}
