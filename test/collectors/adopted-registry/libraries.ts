import successorClient from '@prometheus-io/client';
import prom from 'prom-client';
import * as dropIn from '../../../src/compat/prom-client/index.ts';
import * as successorDropIn from '../../../src/compat/prometheus-io-client/index.ts';

/** The API that prom-client, its successor and ours have in common. */
export type PromClient = typeof prom;

/** Libraries whose registries can be adopted. The types of the others are not those of prom-client, but their calls are. */
export const libraries: readonly (readonly [name: string, library: PromClient])[] = [
  ['prom-client', prom],
  ['@prometheus-io/client', successorClient as unknown as PromClient],
  ['zeroprom/prom-client', dropIn as unknown as PromClient],
  ['zeroprom/prometheus-io-client', successorDropIn as unknown as PromClient],
];
