/** Functions for test programs that run as primary processes. */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { join } from 'node:path';
import { promClient, zeroprom } from './libraries.ts';

export { promClient, zeroprom };

/** Starts workers with these environments, and waits until they count. */
export async function startWorkers(...environments: Record<string, string>[]): Promise<Worker[]> {
  cluster.setupPrimary({ exec: join(import.meta.dirname, 'cluster-worker.js'), execArgv: [] });
  const workers = environments.map((environment) => cluster.fork(environment));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  return workers;
}

/** Sends a message to a worker, and waits until the worker has executed it. */
export async function tell(worker: Worker, message: object): Promise<void> {
  const done = new Promise<void>((resolve) => {
    worker.on('message', (answer) => {
      if (answer === 'done') resolve();
    });
  });
  worker.send(message);
  await done;
}

/** The samples of an exposition, in one line. */
export function samples(text: string): string {
  return text
    .split('\n')
    .filter((line) => /^\w/.test(line))
    .join(' ');
}

/** Ends the program and all workers, including stopped ones. */
export function end(): void {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL');
  process.exitCode = 0;
}
