import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadedOnce } from '../../src/model/loaded-once.ts';

test('it loads on the first call and returns the same from then on, without waiting', async () => {
  let loads = 0;
  const load = loadedOnce(async () => ({ number: ++loads }));
  assert.equal(loads, 0);
  const [first, second] = await Promise.all([load(), load()]);
  assert.equal(first, second);
  assert.equal(load(), first);
  assert.equal(loads, 1);
});

test('a load that failed is tried again by the next call', async () => {
  let loads = 0;
  const load = loadedOnce(async () => {
    if (++loads === 1) throw new Error('not yet');
    return { loads };
  });
  await assert.rejects(async () => load(), /not yet/);
  assert.deepEqual(await load(), { loads: 2 });
});
