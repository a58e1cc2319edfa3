import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export type Resolution = 'node10' | 'node16' | 'nodenext' | 'bundler';

const SOURCE = `import { Counter, Gauge, metricsHandler, Registry, runExporter, Scheduler } from 'zeroprom';
import { metricsHandler as sameHandler } from 'zeroprom/http';
import type { RequestListener } from 'node:http';
const registry: Registry = new Registry();
const counter = new Counter({ name: 'c_total', help: 'Help.', labelNames: ['a', 'b'], registry });
counter.inc({ a: 'x', b: 1 }, 2);
counter.labels('x', 1).inc();
registry.register(counter);
// @ts-expect-error label b is missing
counter.inc({ a: 'x' });
const listener: RequestListener = metricsHandler({ registry });
export const same: RequestListener = sameHandler({ registry });
export { Gauge, listener, runExporter, Scheduler };
`;

const MODULES = { node10: 'commonjs', node16: 'node16', nodenext: 'nodenext', bundler: 'esnext' };

/** A program that imports each subpath, in a folder below the one where the package is installed. Declarations are checked too. */
export function writeTypeProgram(
  folder: string,
  resolution: Resolution,
  file: string,
  manifest: { exports: object },
): void {
  mkdirSync(folder);
  const subpaths = Object.keys(manifest.exports).filter((path) => path !== './package.json');
  const imports = subpaths.map((path, index) => `export * as subpath${index} from 'zeroprom${path.slice(1)}';\n`);
  writeFileSync(join(folder, file), imports.join('') + SOURCE);
  const compilerOptions = {
    module: MODULES[resolution],
    moduleResolution: resolution,
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
    typeRoots: [resolve('node_modules/@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
}
