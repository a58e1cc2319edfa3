import { builtUrl } from './checkout.ts';

// The package as it is published: the output of a development runner is slower.
export const zeroprom: typeof import('../src/index.ts') = await import(builtUrl('zeroprom'));
export const exposition: typeof import('../src/exposition/index.ts') = await import(builtUrl('zeroprom/exposition'));
export const push: () => Promise<typeof import('../src/push/index.ts')> = () => import(builtUrl('zeroprom/push'));
export const parsers: typeof import('../src/parse/index.ts') = await import(builtUrl('zeroprom/parse'));
