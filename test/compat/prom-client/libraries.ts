import { test } from 'node:test';
import prom from 'prom-client';
import dropIn from '../../../src/compat/prom-client/index.ts';

/** The common API, with the types of the drop-in, because those of prom-client are incomplete. */
export type PromClient = typeof import('../../../src/compat/prom-client/prom-client.d.ts');

/** The real package. */
export const promClient = prom as unknown as PromClient;

/** The drop-in. Its sources have looser types than its published declarations. */
export const zeroprom = dropIn as unknown as PromClient;

/** A test that the real package also passes. All common behavior is tested in this way. */
export function testBoth(name: string, body: (client: PromClient) => void | Promise<void>): void {
  test(name, () => body(zeroprom));
  test(`${name} (as prom-client)`, () => body(promClient));
}

/** Calls whose arguments the types do not allow. */
export type Loose = Record<string, (...values: unknown[]) => unknown>;

export function loose(object: object): Loose {
  return object as Loose;
}

/** A class without types, so that tests can pass wrong arguments. */
export function looseClass(type: unknown): new (...values: unknown[]) => Loose {
  return type as new (
    ...values: unknown[]
  ) => Loose;
}
