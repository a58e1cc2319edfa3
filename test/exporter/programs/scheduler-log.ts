/** An exporter whose scheduler has no logger of its own, and whose task logs and fails. */
import { runExporter, Scheduler } from '../../../src/index.ts';

const scheduler = new Scheduler();
const task = ({ log }: { readonly log: { info(message: string): void } }) => {
  log.info('From the task.');
  throw new Error('It broke.');
};
scheduler.every('1h', task, { name: 'first', immediate: true });
await runExporter({ name: 'x_exporter', defaultPort: 0, scheduler });
