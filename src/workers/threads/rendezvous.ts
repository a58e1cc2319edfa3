import { setTimeout as delay } from 'node:timers/promises';
import { type MessagePort, postMessageToThread } from 'node:worker_threads';

/** A worker thread that joins the main thread. Other messages between threads are those of the application. */
export interface ThreadOffer {
  readonly zeroprom: 'joinWorkers';
  /** Version of the protocol: both threads may have a copy of the package. */
  readonly version: 1;
  readonly port: MessagePort;
  readonly status: SharedArrayBuffer;
}

const MAIN_THREAD = 0;
const RETRY_MS = 50;

/** Calls `listener` with the offers of all threads, in the main thread. Does not keep the process alive. */
export function onOffer(listener: (offer: ThreadOffer) => void): void {
  // The types know this event from a later version on.
  const emitter: { on(event: string, listener: (value: unknown) => void): unknown } = process;
  emitter.on('workerMessage', (value) => {
    if (isOffer(value)) listener(value);
  });
}

/**
 * Sends an offer to the main thread. `make` makes one for each attempt; `discard` is called if it did not arrive. Waits
 * until the main thread listens, for at most `timeoutMs`.
 */
export async function sendOffer(
  { make, discard }: { readonly make: () => ThreadOffer; readonly discard: () => void },
  timeoutMs: number,
): Promise<void> {
  for (const end = performance.now() + timeoutMs; ; ) {
    const offer = make();
    try {
      await postMessageToThread(MAIN_THREAD, offer, [offer.port], Math.max(1, end - performance.now()));
      return;
    } catch (error) {
      discard();
      if (performance.now() + RETRY_MS < end) await delay(RETRY_MS);
      else throw new Error('The main thread does not collect metrics; call collectWorkers() there.', { cause: error });
    }
  }
}

function isOffer(value: unknown): value is ThreadOffer {
  const { zeroprom, version } = (value ?? {}) as Partial<ThreadOffer>; // Any value may arrive.
  return zeroprom === 'joinWorkers' && version === 1;
}
