/** The example exporter: a counter that goes up every 30 seconds and a gauge set at random every 10. */
import { Counter, Gauge, parseDuration, runExporter, Scheduler, version } from './index.ts';

const total = new Counter({ name: 'example_total', help: 'Example Counter', labelNames: ['hoge'] });
const number = new Gauge({ name: 'example_number', help: 'Example Gauge', labelNames: ['fuga'] });
const scheduler = new Scheduler();

await runExporter({
  name: 'example_exporter',
  description: 'Shows how an exporter is written.',
  version,
  defaultPort: 2112,
  scheduler,
  flags: {
    'example.count-interval': { help: 'How often the counter goes up.', default: '30s', parse: parseDuration },
    'example.random-interval': { help: 'How often the gauge is set.', default: '10s', parse: parseDuration },
  },
  setup(flags) {
    const count = () => total.inc({ hoge: 'hogehoge' });
    const setRandomValue = () => number.set({ fuga: 'fugafuga' }, Math.random() * 2 - 1);
    scheduler.every(flags['example.count-interval'], count, { name: 'count', immediate: true });
    scheduler.every(flags['example.random-interval'], setRandomValue, { name: 'set_random_value', immediate: true });
  },
});
