import { MessageChannel, Worker } from 'node:worker_threads';
import { asError } from '../../model/thrown.ts';
import { currentOverrides } from '../../registry/current-overrides.ts';
import type { Gatherer } from '../../registry/gathering.ts';
import type { CallHandlers } from '../shared-tables/port-calls.ts';
import { type PublishingEnd, publishRegistries } from '../shared-tables/registry-link.ts';
import type { ThreadAddress, ThreadData, ThreadSettings } from './thread-settings.ts';

/** Encoding allocates little. With the default, a hundred scrapes take 7 MB more. */
const YOUNG_MB = 2;
const START_TIMEOUT_MS = 30_000;
/** How much longer than its own timeouts the thread may take to stop. */
const STOP_GRACE_MS = 2000;

/** A thread that serves the registries of this one, from its start to its end. */
export class ThreadRun {
  readonly addresses: readonly ThreadAddress[];
  readonly #worker: Worker;
  readonly #end: PublishingEnd;
  readonly #stopTimeoutMs: number;

  private constructor(worker: Worker, end: PublishingEnd, addresses: readonly ThreadAddress[], stopTimeoutMs: number) {
    this.#worker = worker;
    this.#end = end;
    this.addresses = addresses;
    this.#stopTimeoutMs = stopTimeoutMs;
  }

  /**
   * Starts a thread that serves the registries. It may call `handlers`. `onExit` is called when it ends, also because of
   * `stop()`. Rejects if the thread cannot listen.
   */
  static async start(
    registry: Gatherer,
    settings: ThreadSettings,
    { handlers, onExit }: { readonly handlers: CallHandlers; readonly onExit: (error: Error) => void },
  ): Promise<ThreadRun> {
    const { port1, port2 } = new MessageChannel();
    const end = publishRegistries(registry, port1, handlers);
    const worker = await startWorker({
      port: port2,
      status: end.status,
      settings,
      overrides: currentOverrides()?.file,
    });
    let failure = new Error('The scrape thread has ended.');
    worker.on('error', (error) => {
      failure = asError(error);
    });
    let isStarted = false;
    const exited = new Promise<never>((_, reject) => {
      worker.on('exit', () => {
        end.stop();
        reject(failure);
        if (isStarted) onExit(failure);
      });
    });
    try {
      const started = end.calls.call('start', undefined, { timeoutMs: START_TIMEOUT_MS });
      const addresses = await Promise.race([started, exited]);
      isStarted = true;
      const { shutdownDelayMs, lingerMs, shutdownTimeoutMs } = settings;
      const stopTimeoutMs = shutdownDelayMs + lingerMs + shutdownTimeoutMs + STOP_GRACE_MS;
      return new ThreadRun(worker, end, addresses as ThreadAddress[], stopTimeoutMs); // From the same version.
    } catch (thrown) {
      end.stop();
      await worker.terminate();
      throw thrown;
    }
  }

  /** Calls a function of the thread. */
  call(name: string, argument: unknown, timeoutMs: number): Promise<unknown> {
    return this.#end.calls.call(name, argument, { timeoutMs });
  }

  /** Answers the scrapes in flight and ends the thread. */
  async stop(): Promise<void> {
    try {
      await this.call('stop', undefined, this.#stopTimeoutMs);
    } finally {
      this.#end.stop();
      await this.#worker.terminate();
    }
  }
}

async function startWorker(data: ThreadData): Promise<Worker> {
  const { threadProgram } = await import('./thread-program.ts');
  const { NODE_OPTIONS: _, ...env } = process.env; // Without the preloads of the application.
  const options = {
    workerData: data,
    transferList: [data.port],
    env,
    name: 'zeroprom-scrape',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  };
  if ('code' in threadProgram) return new Worker(threadProgram.code, { ...options, eval: true, execArgv: [] });
  // From the sources, a program may need the loader that compiles it.
  const isCompiled = threadProgram.url.pathname.endsWith('.js');
  return new Worker(threadProgram.url, isCompiled ? { ...options, execArgv: [] } : options);
}
