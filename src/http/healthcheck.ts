import { type ListenAddress, urlOf } from './listen.ts';

const TIMEOUT_MS = 3_000;

/** Asks the exporter that listens there; undefined if it is healthy, else the reason why not. */
export async function unhealthyReason(address: ListenAddress): Promise<string | undefined> {
  const url = `${urlOf(address)}/-/healthy`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok ? undefined : `${url} answered ${response.status}.`;
  } catch (error) {
    return `${url} did not answer: ${causeOf(error)}.`;
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
