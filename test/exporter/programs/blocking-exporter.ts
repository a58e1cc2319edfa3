/** An exporter that blocks its event loop after SIGUSR2 until the file of a flag exists, and keeps counting meanwhile. */
import { existsSync } from 'node:fs';
import { Counter, runExporter, Scheduler } from '../../../src/index.ts';

const steps = new Counter({ name: 'steps_total', help: 'Steps.' });
const scheduler = new Scheduler();
scheduler.every('1h', runFirst, { name: 'first', immediate: true, readyAfterFirstSuccess: true });

async function runFirst(): Promise<void> {
  process.stderr.write('first begins\n');
  await new Promise((resolve) => setTimeout(resolve, 300));
}

await runExporter({
  name: 'x_exporter',
  version: '1.2.3',
  defaultPort: 0,
  scheduler,
  flags: {
    'x.end-of-block': { help: 'File that ends the block.', default: '' },
  },
  setup: (values) => {
    process.on('SIGUSR2', () => {
      steps.inc();
      process.stderr.write('blocked\n');
      while (!existsSync(values['x.end-of-block'])) steps.inc();
    });
  },
});
