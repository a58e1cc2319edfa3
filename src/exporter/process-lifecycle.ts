import { LONGEST_DELAY_MS } from '../model/duration.ts';
import type { Logger } from '../model/logger.ts';
import { thrownStack } from '../model/thrown.ts';

export interface SignalOptions {
  readonly logger: Logger;
  /** Stops everything, within `timeoutMs`. */
  readonly stop: () => Promise<void>;
  readonly timeoutMs: number;
  /** Reloads the configuration, and logs the result. */
  readonly reload: () => Promise<void>;
}

const SIGNALS = [
  ['SIGTERM', 15],
  ['SIGINT', 2],
] as const;

/**
 * Stops everything on SIGTERM or SIGINT and then ends the process with exit code 0; a second signal ends it
 * immediately. Reloads on SIGHUP. Returns a function that does the same as SIGTERM, and logs the given fields. Uses
 * `process.exit()`: as PID 1 of a container, a process does not die of a signal that it sends to itself.
 */
export function exitOnSignals({ logger, stop, timeoutMs, reload }: SignalOptions): (fields: object) => void {
  let isStopping = false;
  const stopProcess = (fields: object) => {
    if (isStopping) return;
    isStopping = true;
    logger.info('Stopping.', { ...fields });
    const exitLate = () => exitWithError(logger, 'Shutdown timed out.', { timeoutMs });
    setTimeout(exitLate, Math.min(timeoutMs + 1000, LONGEST_DELAY_MS)).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => exitWithError(logger, 'Shutdown failed.', { err: error }),
    );
  };
  for (const [signal, number] of SIGNALS) {
    process.on(signal, () => {
      if (isStopping) process.exit(128 + number);
      stopProcess({ signal });
    });
  }
  process.on('SIGHUP', () => void reload().catch(() => {})); // reload() has logged the error.
  return stopProcess;
}

/** Logs an uncaught error and ends the process, whose state is unknown from then on. */
export function exitOnUncaught(logger: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    exitWithError(logger, 'Uncaught error.', { err: error, origin, stack: thrownStack(error) });
  });
  // The exporter keeps serving if the reader of its log has ended.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

function exitWithError(logger: Logger, message: string, fields: Readonly<Record<string, unknown>>): never {
  logger.error(message, fields);
  process.exit(1);
}
