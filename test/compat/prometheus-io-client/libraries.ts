import { test } from 'node:test';
import official from '@prometheus-io/client';
import dropIn from '../../../src/compat/prometheus-io-client/index.ts';

/** The common API, with the types of the drop-in. */
export type Client = typeof import('../../../src/compat/prometheus-io-client/prometheus-io-client.d.ts');

/** The real package. */
export const successor = official as unknown as Client;

/** The drop-in. Its sources have looser types than its published declarations. */
export const zeroprom = dropIn as unknown as Client;

/** A test that the real package also passes. */
export function testBoth(name: string, body: (client: Client) => void | Promise<void>): void {
  test(name, () => body(zeroprom));
  test(`${name} (as @prometheus-io/client)`, () => body(successor));
}
