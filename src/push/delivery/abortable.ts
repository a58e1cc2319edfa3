import { LONGEST_DELAY_MS } from '../../model/duration.ts';

/**
 * Returns a signal that aborts after a time or together with another signal. Call `release()` when it is not needed any
 * more: it removes the timer and the listener.
 */
export function withTimeout(
  timeoutMs: number,
  signal?: AbortSignal,
): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  const expire = () => controller.abort(new Error(`no response within ${timeoutMs} ms.`));
  const timer = setTimeout(expire, Math.min(timeoutMs, LONGEST_DELAY_MS));
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const release = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, release };
}

/** Settles as the promise does, or rejects with the reason of the signal when it aborts. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
