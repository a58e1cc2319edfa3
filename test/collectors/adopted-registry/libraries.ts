import successorClient from '@prometheus-io/client';
import prom from 'prom-client';
import * as dropIn from '../../../src/compat/prom-client/index.ts';
import * as successorDropIn from '../../../src/compat/prometheus-io-client/index.ts';

/** The common API of prom-client, its successor and zeroprom. */
export type PromClient = typeof prom;

/** Libraries whose registries can be adopted. Their types differ from those of prom-client, but their calls do not. */
export const libraries: readonly (readonly [name: string, library: PromClient])[] = [
  ['prom-client', prom],
  ['@prometheus-io/client', successorClient as unknown as PromClient],
  ['zeroprom/prom-client', dropIn as unknown as PromClient],
  ['zeroprom/prometheus-io-client', successorDropIn as unknown as PromClient],
];
