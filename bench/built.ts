/** The package as it is published: what a development runner makes of the sources is slower. */
const built: string = '../dist/index.js';

export const zeroprom: typeof import('../src/index.ts') = await import(built);
