import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptsGzip } from '../../src/exposition/negotiation.ts';

const headers: readonly [header: string | undefined, isAccepted: boolean][] = [
  [undefined, false],
  ['', false],
  ['gzip', true],
  ['GZIP', true],
  ['gzip;q=0.5', true],
  ['gzip; q=0', false],
  ['gzip;q=0.000', false],
  ['gzip;q=0,*', false],
  ['*', true],
  ['*;q=0', false],
  ['deflate, gzip;q=1.0, *;q=0.5', true],
  ['identity', false],
  ['identity;q=0', false],
  ['gzip, identity;q=0', true],
  ['deflate, br, zstd', false],
  ['xgzip', false],
];

for (const [header, isAccepted] of headers) {
  test(`${header ?? 'no header'} ${isAccepted ? 'accepts' : 'does not accept'} gzip`, () => {
    assert.equal(acceptsGzip(header), isAccepted);
  });
}
