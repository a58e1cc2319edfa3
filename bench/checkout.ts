import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The checkout whose build is measured: this one, unless `npm run bench:against` says otherwise. */
export const CHECKOUT = process.env.ZEROPROM_CHECKOUT ?? join(import.meta.dirname, '..');

const { exports } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));

/** Returns the URL of the module that `import` loads from a published package: `zeroprom` or `zeroprom/parse`. */
export function builtUrl(specifier: string): string {
  const targets = exports[`.${specifier.slice('zeroprom'.length)}`];
  return pathToFileURL(join(CHECKOUT, (targets.import ?? targets).default)).href;
}
