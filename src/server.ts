/** Example exporter: increments a counter every 30 seconds, and sets a gauge to a random value every 10 seconds. */
import { Counter, Gauge, parseDuration, runExporter, Scheduler, version } from './index.ts';

const total = new Counter({ name: 'example_total', help: 'Example Counter', labelNames: ['hoge'] });
const number = new Gauge({ name: 'example_number', help: 'Example Gauge', labelNames: ['fuga'] });
const scheduler = new Scheduler();

await runExporter({
  name: 'example_exporter',
  description: 'Example of an exporter.',
  version,
  defaultPort: 2112,
  scheduler,
  flags: {
    'example.count-interval': {
      help: 'Interval at which the counter is incremented.',
      default: '30s',
      parse: parseDuration,
    },
    'example.random-interval': { help: 'Interval at which the gauge is set.', default: '10s', parse: parseDuration },
  },
  setup(flags) {
    const count = () => total.inc({ hoge: 'hogehoge' });
    const setRandomValue = () => number.set({ fuga: 'fugafuga' }, Math.random() * 2 - 1);
    scheduler.every(flags['example.count-interval'], count, { name: 'count', immediate: true });
    scheduler.every(flags['example.random-interval'], setRandomValue, { name: 'set_random_value', immediate: true });
  },
});
