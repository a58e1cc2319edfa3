import type { Worker } from 'node:worker_threads';
import type { Group } from './collector-group.ts';
import { liveGroup } from './live-group.ts';
import { startAll } from './start-all.ts';

/** libuv makes no more threads for its pool than this, whatever it is asked for. */
const MAX_POOL = 1024;

/** Worker threads, and the threads that libuv runs file system, DNS and crypto work on. */
export const threads: Group = (target) => startAll([() => workerThreads(target), () => threadPool(target)]);

const workerThreads: Group = (target) => {
  const running = new Running();
  const family = {
    name: 'nodejs_worker_threads',
    help: 'Worker threads that run, of those that this thread started since they are counted.',
    type: 'gauge' as const,
    value: ({ size }: Running) => size,
  };
  const end = liveGroup(() => running, [family])(target);
  running.start();
  return () => {
    running.stop();
    end();
  };
};

/** The workers that run. Node lists them nowhere, but says when one starts. */
class Running {
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

const threadPool: Group = liveGroup(poolSize, [
  {
    name: 'nodejs_uv_threadpool_size',
    help: 'Threads of the pool of libuv, which does file system, DNS and crypto work.',
    type: 'gauge',
    value: (size) => size,
  },
]);

/** As libuv reads UV_THREADPOOL_SIZE when it makes the pool. */
function poolSize(): number {
  const text = process.env['UV_THREADPOOL_SIZE'];
  if (text === undefined) return 4;
  const size = Number.parseInt(text, 10) || 0;
  return size === 0 ? 1 : size < 0 ? MAX_POOL : Math.min(size, MAX_POOL);
}
