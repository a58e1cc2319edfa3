/** An exporter whose event loop is blocked for some seconds, and that keeps counting meanwhile. */
import { Counter, runExporter, Scheduler } from '../../../src/index.ts';
import { parseDuration } from '../../../src/scheduler/index.ts';

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
    'x.block': {
      help: 'How long to block after SIGUSR2.',
      default: '0s',
      parse: (text: string) => parseDuration(text, { allowZero: true }),
    },
  },
  setup: (values) => {
    process.on('SIGUSR2', () => {
      process.stderr.write('blocked\n');
      for (const end = performance.now() + values['x.block']; performance.now() < end; ) steps.inc();
      process.stderr.write('unblocked\n');
    });
  },
});
