import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scrapeBudgetMs } from '../../../src/http/scrape/budget.ts';

for (const [header, configured, budget] of [
  [undefined, undefined, 10_000],
  [undefined, 3000, 3000],
  ['10', undefined, 9500],
  ['60', undefined, 59_500],
  ['5', undefined, 4500],
  ['1', undefined, 900],
  ['0.8', undefined, 720],
  ['0.001', undefined, 0.9],
  ['.5', undefined, 450],
  ['5', 3000, 3000],
  ['5', 30_000, 4500],
  ['0.1', 3000, 90],
  ['86400', undefined, 3_599_500],
  ['0', undefined, 10_000],
  ['0.0', 3000, 3000],
  ['-1', undefined, 10_000],
  ['NaN', undefined, 10_000],
  ['Infinity', undefined, 10_000],
  ['1e3', undefined, 10_000],
  ['10s', undefined, 10_000],
  ['10, 20', undefined, 10_000],
  ['', undefined, 10_000],
  ['9'.repeat(1000), undefined, 10_000],
] as const) {
  test(`a scraper that waits for "${header?.slice(0, 20)}", with ${configured} ms configured: ${budget} ms`, () => {
    assert.equal(scrapeBudgetMs(header, configured), budget);
  });
}
