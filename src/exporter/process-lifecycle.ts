import type { Logger } from '../model/logger.ts';
import { thrownStack } from '../model/thrown.ts';

export interface ProcessEndOptions {
  readonly logger: Logger;
  /** Ends what runs, within `timeoutMs`. */
  readonly stop: () => Promise<void>;
  readonly timeoutMs: number;
  readonly reload: () => Promise<void>;
}

const SIGNALS = [
  ['SIGTERM', 15],
  ['SIGINT', 2],
] as const;

/**
 * Ends the process after SIGTERM or SIGINT with exit code 0 when all is closed, at the second signal at once; reloads after
 * SIGHUP. Gives what ends it for other reasons. It ends by `exit()`: as PID 1 of a container it would not die of its own
 * signal.
 */
export function endWithSignals({ logger, stop, timeoutMs, reload }: ProcessEndOptions): (fields: object) => void {
  let isStopping = false;
  const end = (fields: object) => {
    if (isStopping) return;
    isStopping = true;
    logger.info('Stopping.', { ...fields });
    const overdue = setTimeout(() => die(logger, new Error('It took too long to stop.')), timeoutMs + 1000);
    overdue.unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => die(logger, error),
    );
  };
  for (const [signal, number] of SIGNALS) {
    process.on(signal, () => {
      if (isStopping) process.exit(128 + number);
      end({ signal });
    });
  }
  process.on('SIGHUP', () => void reload().catch(() => {})); // Whoever reloads has logged it.
  return end;
}

/** An error that nobody caught is logged, and ends the process: nobody knows what state it is in. */
export function endWithUncaught(logger: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    logger.error('An error was not caught.', { err: error, origin, stack: thrownStack(error) });
    process.exit(1);
  });
  // A log that nobody can read any more is no reason to stop exporting.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

function die(logger: Logger, error: unknown): never {
  logger.error('It did not end well.', { err: error });
  process.exit(1);
}
