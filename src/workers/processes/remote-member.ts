import { asError } from '../../model/thrown.ts';
import { MemberConnection } from './meeting/ask-member.ts';
import { readSnapshot } from './snapshot/read-snapshot-bytes.ts';
import type { Snapshot } from './snapshot/snapshot.ts';

/** How long a scrape waits for a member that has not answered an earlier one yet. */
const LATE_MS = 100;

/** How a member answered. */
export type Answer =
  | { readonly status: 'up'; readonly snapshot: Snapshot }
  | { readonly status: 'late' }
  | { readonly status: 'ended' }
  | { readonly status: 'unreadable'; readonly error: Error };

/** Another process of the group, as a collector knows it. */
export class RemoteMember {
  readonly #connection: MemberConnection;
  #known: Snapshot | undefined = undefined;
  /** Sequence number of the snapshot to which the next answer may refer. */
  #since = 0;
  #pending: Promise<Answer> | undefined = undefined;

  constructor(socketPath: string) {
    this.#connection = new MemberConnection(socketPath);
  }

  /** The latest snapshot that the member has sent. */
  get known(): Snapshot | undefined {
    return this.#known;
  }

  /**
   * Asks the member, or continues to wait for its answer to an earlier question. A member that does not answer before the
   * deadline, or was late before, is late.
   */
  async ask(timeoutMs: number, signal: AbortSignal | undefined): Promise<Answer> {
    const wasLate = this.#pending !== undefined;
    this.#pending ??= this.#ask(timeoutMs);
    const answer = await withinTime(this.#pending, wasLate ? Math.min(LATE_MS, timeoutMs) : timeoutMs, signal);
    if (answer === undefined) this.#connection.unref();
    return answer ?? { status: 'late' };
  }

  /** Closes the connection to a member that has ended. */
  close(): void {
    this.#connection.close();
  }

  async #ask(timeoutMs: number): Promise<Answer> {
    try {
      const bytes = await this.#connection.ask({ since: this.#since, timeoutMs });
      if (bytes === undefined) return { status: 'ended' };
      const snapshot = readSnapshot(bytes, this.#known);
      this.#known = snapshot;
      this.#since = snapshot.sequence;
      return { status: 'up', snapshot };
    } catch (thrown) {
      this.#since = 0;
      return { status: 'unreadable', error: asError(thrown) };
    } finally {
      this.#pending = undefined;
    }
  }
}

/** Resolves like `result`, or to undefined when the time has passed or the signal aborts. */
async function withinTime<T>(
  result: Promise<T>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  let end = () => {};
  const ended = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
  });
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  try {
    return await Promise.race([result, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
