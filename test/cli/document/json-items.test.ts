import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonItems } from '../../../src/cli/document/json-items.ts';

/** Parses the items of a text that arrives in chunks of `size` bytes. */
async function itemsOf(text: string, size: number): Promise<unknown[]> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const items: unknown[] = [];
  for await (const item of jsonItems(chunks(), () => {})) items.push(item);
  return items;
}

test('the items equal those of JSON.parse(), however the chunks are split', async () => {
  const lists = fc.tuple(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 2, '\t'), fc.integer({ min: 1, max: 9 }));
  await fc.assert(
    fc.asyncProperty(lists, async ([list, indentation, size]) => {
      const text = JSON.stringify(list, undefined, indentation);
      assert.deepEqual(await itemsOf(` ${text}\n`, size), JSON.parse(text));
    }),
  );
});

test('brackets, commas and quotes in strings do not end an item', async () => {
  const list = ['a,b', '"],[', { '}': '\\' }, '\\"', ['x', { y: ',]' }]];
  for (const size of [1, 2, 3, 100]) assert.deepEqual(await itemsOf(JSON.stringify(list), size), list);
});

for (const text of [
  '',
  ' ',
  '{}',
  '1',
  '"a"',
  '[',
  '[1',
  '[1,',
  '[1,]',
  '[,1]',
  '[1,,2]',
  '[1 2]',
  '[{]]',
  '[1]]',
  '[1] x',
  '["a]',
]) {
  test(`${JSON.stringify(text)} is rejected`, async () => {
    await assert.rejects(itemsOf(text, 2), SyntaxError);
  });
}
