import prom from 'prom-client';
import * as dropIn from '../../../src/compat/prom-client/index.ts';

/** The API that both have. */
export type PromClient = typeof prom;

/** The real package. */
export const promClient: PromClient = prom;

/** The drop-in. Its sources have looser types than those it is published with. */
export const zeroprom = dropIn as unknown as PromClient;
