/**
 * An exporter that does what its flags say, for tests of the process. It is JavaScript, and of what is built, since it is
 * started often, and a compiler would take most of the time; where coverage is looked at it is of the sources.
 */
const { Gauge, runExporter, Scheduler } = await import(
  process.env.NODE_V8_COVERAGE ? '../../../.compiled/src/index.js' : '../../../dist/index.js'
);

const scheduler = new Scheduler();
new Gauge({ name: 'g', help: 'Help.' }).set(1);

const family = (name) => ({ name, help: 'Help.', type: 'gauge', points: [{ value: 1 }] });

await runExporter({
  name: 'x_exporter',
  version: '1.2.3',
  revision: 'abc',
  defaultPort: 0,
  scheduler,
  flags: {
    'x.fail': { help: 'How to fail.', default: '' },
    'x.slow': { help: 'Wait before listening.', default: 'false', isSwitch: true },
    'x.series': { help: 'Lines of about 100 bytes.', default: '0' },
    'x.password': { help: 'A secret.', default: '', isSecret: true },
  },
  collectors: {
    cpu: { help: 'Processors.', create: () => ({ collect: () => [family('cpu')] }) },
    disk: { help: 'Disks.', isEnabled: false, create: () => ({ collect: () => [family('disk')] }) },
    hang: { help: 'Never ends.', isEnabled: false, create: () => ({ collect: () => new Promise(() => {}) }) },
  },
  defaultCollectors: (registry) => {
    registry.register({ name: 'process', collect: () => [family('process_x')] });
    return { stop: () => {} };
  },
  checkConfig: (values) => (values['x.fail'] === '' ? [] : ['one mistake', 'another mistake']),
  reload: () => {
    if (process.env['RELOAD_FAILS']) throw new Error('no reload');
  },
  setup: async (values) => {
    const many = new Gauge({ name: 'many', help: 'Help.', labelNames: ['x'], maxSeries: Infinity });
    for (let x = 0; x < Number(values['x.series']); x++) many.set({ x: String(x).padStart(80, '.') }, x);
    if (values['x.fail'] === 'throw')
      setTimeout(() => {
        throw new Error('not caught');
      }, 200);
    if (values['x.fail'] === 'reject') setTimeout(() => void Promise.reject(new Error('not handled')), 200);
    if (values['x.fail'] === 'epipe') process.stderr.emit('error', new Error('EPIPE'));
    if (values['x.slow']) {
      process.stderr.write('waiting\n');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    }
  },
});
