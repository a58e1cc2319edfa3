/** A worker of a pool of threads, which counts its tasks. */
import { Counter } from '../../../src/index.ts';
import { joinWorkers } from '../../../src/workers/index.ts';

const tasks = new Counter({ name: 'pool_tasks_total', help: 'Tasks.', labelNames: ['pool'] });
await joinWorkers();

export default (pool: string): void => {
  tasks.inc({ pool });
};
