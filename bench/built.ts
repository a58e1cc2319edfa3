/** The package as it is published: what a development runner makes of the sources is slower. */
const built = (subpath: string) => import(`../dist/${subpath}.js`);

export const zeroprom: typeof import('../src/index.ts') = await built('index');
export const exposition: typeof import('../src/exposition/index.ts') = await built('exposition');
export const parsers: typeof import('../src/parse/index.ts') = await built('parse');
