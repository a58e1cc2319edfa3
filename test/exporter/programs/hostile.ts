/** Exporters whose own code throws any value: while running, at the start, or uncaught. */
import { Gauge, Registry, runExporter, Scheduler } from '../../../src/index.ts';
import { hostileFunctions, hostileValues } from '../../hostile-values.ts';

const [mode = 'run', what = '', ...args] = process.argv.slice(2);
process.argv.splice(2, Number.POSITIVE_INFINITY, '--web.listen-address=127.0.0.1:0', ...args);

/** Throws the value with the given name. */
function fail(): never {
  throw hostileValues.find((value) => value.what === what)?.make();
}

const registry = new Registry();
const scheduler = new Scheduler();
if (mode === 'run') {
  for (const [index, { fn }] of hostileFunctions.entries()) {
    registry.register({ name: `collector_${index}`, collect: fn as () => [] });
    new Gauge({ name: `callback_${index}`, help: 'Help.', registry, collect: fn as () => void });
    scheduler.every('100ms', fn, { name: `task ${index}` });
  }
}

await runExporter({
  name: 'hostile_exporter',
  defaultPort: 0,
  registry,
  scheduler,
  reload: fail,
  setup: () => {
    if (mode === 'setup') fail();
    if (mode === 'uncaught') setTimeout(fail, 10);
    if (mode === 'unhandled') setTimeout(async () => fail(), 10);
  },
});
