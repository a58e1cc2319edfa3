import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The checkout whose build is measured: this one, unless `npm run bench:against` says otherwise. */
const CHECKOUT = process.env.ZEROPROM_CHECKOUT ?? join(import.meta.dirname, '..');
const { exports } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));

/** The package as it is published: what a development runner makes of the sources is slower. */
const built = (subpath: string) => import(pathToFileURL(join(CHECKOUT, exports[subpath].import.default)).href);

export const zeroprom: typeof import('../src/index.ts') = await built('.');
export const exposition: typeof import('../src/exposition/index.ts') = await built('./exposition');
export const parsers: typeof import('../src/parse/index.ts') = await built('./parse');
