/** What stops a command and is no bug: it is shown in one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** A command line that makes no sense; a hint at `--help` goes with it. */
export class UsageError extends CommandError {}
