import assert from 'node:assert/strict';
import type { RemoteWriteCounts } from '../../../src/push/remote-write/accounts.ts';

/** Asserts that each gathered sample is written, rejected, dropped or pending. */
export function assertBalanced({ gathered, written, rejected, dropped, pending }: RemoteWriteCounts): void {
  const total = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  assert.equal(gathered, written + rejected + total + pending);
}
