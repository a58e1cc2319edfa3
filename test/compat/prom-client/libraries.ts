import { test } from 'node:test';
import prom from 'prom-client';
import dropIn from '../../../src/compat/prom-client/index.ts';

/** The API that both have, in the types of the drop-in: those of prom-client lack some of it. */
export type PromClient = typeof import('../../../src/compat/prom-client/prom-client.d.ts');

/** The real package. */
export const promClient = prom as unknown as PromClient;

/** The drop-in. Its sources have looser types than those it is published with. */
export const zeroprom = dropIn as unknown as PromClient;

/** A test that the real package passes too: each behavior that both have is tested so. */
export function testBoth(name: string, body: (client: PromClient) => void | Promise<void>): void {
  test(name, () => body(zeroprom));
  test(`${name} (as prom-client)`, () => body(promClient));
}

/** Calls whose arguments the types do not allow. */
export type Loose = Record<string, (...values: unknown[]) => unknown>;

export function loose(object: object): Loose {
  return object as Loose;
}

/** A class that the types let no test call with wrong arguments. */
export function looseClass(type: unknown): new (...values: unknown[]) => Loose {
  return type as new (
    ...values: unknown[]
  ) => Loose;
}
