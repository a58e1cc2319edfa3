import type { Worker } from 'node:worker_threads';
import type { CollectorGroup } from './collector-group.ts';
import { startAll } from './collector-group.ts';
import { liveGroup } from './live-metric.ts';

/** Maximum size of libuv's thread pool. */
const MAX_POOL_SIZE = 1024;

/** Worker threads, and the thread pool of libuv for file system, DNS and crypto work. */
export const threads: CollectorGroup = (target) => startAll([() => workerThreads(target), () => threadPool(target)]);

const workerThreads: CollectorGroup = (target) => {
  const running = new RunningWorkers();
  const family = {
    name: 'nodejs_worker_threads',
    help: 'Number of running worker threads that this thread has started since the metric was registered.',
    type: 'gauge' as const,
    value: ({ size }: RunningWorkers) => size,
  };
  const end = liveGroup(() => running, [family])(target);
  running.start();
  return () => {
    running.stop();
    end();
  };
};

/** The running workers. Node does not list them, but emits an event when one starts. */
class RunningWorkers {
  readonly #workers = new Map<Worker, () => void>();
  readonly #add = (worker: Worker) => {
    const remove = () => void this.#workers.delete(worker);
    this.#workers.set(worker, remove);
    worker.once('exit', remove);
  };

  get size(): number {
    return this.#workers.size;
  }

  start(): void {
    process.on('worker', this.#add);
  }

  stop(): void {
    process.off('worker', this.#add);
    for (const [worker, remove] of this.#workers) worker.off('exit', remove);
  }
}

const threadPool: CollectorGroup = liveGroup(poolSize, [
  {
    name: 'nodejs_uv_threadpool_size',
    help: 'Number of threads in the libuv thread pool, which does file system, DNS and crypto work.',
    type: 'gauge',
    value: (size) => size,
  },
]);

/** Reads UV_THREADPOOL_SIZE as libuv does when it creates the pool. */
function poolSize(): number {
  const text = process.env['UV_THREADPOOL_SIZE'];
  if (text === undefined) return 4;
  const size = Number.parseInt(text, 10) || 0;
  return size === 0 ? 1 : size < 0 ? MAX_POOL_SIZE : Math.min(size, MAX_POOL_SIZE);
}
