import { MessageChannel } from 'node:worker_threads';
import { defaultRegistry } from '../../registry/default-registry.ts';
import type { Gatherer } from '../../registry/gathering.ts';
import { type PublishingEnd, publishRegistries } from '../shared-tables/registry-link.ts';
import { sendOffer } from './rendezvous.ts';

/** How long the main thread may be blocked, or take to call `collectWorkers()`. */
const JOIN_TIMEOUT_MS = 30_000;

/**
 * Shows the metrics of this worker thread on the page of the main thread, which reads them in shared memory. Nothing is
 * lost when the thread ends.
 */
export async function joinThread({
  registry = defaultRegistry,
}: {
  readonly registry?: Gatherer | undefined;
}): Promise<{ worker: number; leave(): Promise<void> }> {
  let end: PublishingEnd | undefined;
  let welcome: (worker: number) => void = () => {};
  const welcomed = new Promise<number>((resolve) => {
    welcome = resolve;
  });
  const make = () => {
    const { port1, port2 } = new MessageChannel();
    end = publishRegistries(registry, port1, { welcome: (worker: number) => welcome(worker) });
    return { zeroprom: 'joinWorkers', version: 1, port: port2, status: end.status } as const;
  };
  const joining = sendOffer({ make, discard: () => end?.stop() }, JOIN_TIMEOUT_MS).then(() => {
    process.on('exit', tellLast);
    return welcomed;
  });
  const tellLast = () => end?.publishValues();
  const worker = await withTimeout(joining, JOIN_TIMEOUT_MS);
  const leave = async () => {
    process.off('exit', tellLast);
    tellLast();
    end?.stop();
  };
  return { worker, leave };
}

/** Keeps the thread alive meanwhile, which a message to another thread does not. */
async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`The main thread did not answer within ${timeoutMs} ms.`));
    timer = setTimeout(fail, timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
