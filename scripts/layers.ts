/**
 * Allowed imports of each folder of `src/`, in addition to its own files. Entry points, the files directly in `src/`,
 * may import all folders.
 */
export const layers: Readonly<Record<string, readonly string[]>> = {
  model: [],
  exposition: ['model'],
  parse: ['model'],
  lint: ['model'],
  scheduler: ['model'],
  'web-config': ['model'],
  'command-line': ['model'],
  registry: ['exposition', 'model'],
  metrics: ['registry', 'model'],
  collectors: ['metrics', 'registry', 'scheduler', 'model'],
  instrument: ['http', 'collectors', 'metrics', 'registry', 'model'],
  http: ['metrics', 'registry', 'exposition', 'model'],
  push: ['metrics', 'registry', 'exposition', 'scheduler', 'web-config', 'model'],
  workers: ['metrics', 'registry', 'exposition', 'model'],
  exporter: ['http', 'push', 'collectors', 'metrics', 'registry', 'command-line', 'web-config', 'scheduler', 'model'],
  compat: ['metrics', 'exposition', 'model'],
  testing: ['exposition', 'registry', 'scheduler', 'model'],
  cli: ['parse', 'lint', 'exposition', 'command-line', 'model'],
};
