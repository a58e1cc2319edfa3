import assert from 'node:assert/strict';
import { METHODS, STATUS_CODES } from 'node:http';
import { test } from 'node:test';
import { LEFT_OUT, TextTable } from '../../src/model/text-table.ts';

function numbered(count: number, text: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => text(index));
}

const LISTS: Readonly<Record<string, readonly string[]>> = {
  'a few status codes': ['200', '404', '500', '400'],
  'status codes that end in two zeros': ['100', '200', '300', '400', '500'],
  'all status codes': Object.keys(STATUS_CODES),
  'classes of status codes': ['1xx', '2xx', '3xx', '4xx', '5xx'],
  'methods of HTTP': METHODS,
  digits: numbered(10, String),
  'pairs of letters': numbered(676, (index) => (index + 370).toString(36)),
  'a thousand numbers': numbered(1000, String),
  ports: numbered(100, (index) => String(8000 + index)),
  levels: ['debug', 'info', 'warn', 'error', 'fatal'],
  booleans: ['true', 'false'],
  versions: numbered(30, (index) => `1.${index}.0`),
  regions: ['eu-west-1', 'eu-west-2', 'eu-north-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ap-south-1'],
  routes: ['/', '/users', '/users/:id', '/orders', '/orders/:id', '/login', '/logout', '/health', '/metrics'],
};

for (const [name, texts] of Object.entries(LISTS)) {
  test(`nearly all texts of a usual list are found: ${name}`, () => {
    const { table, leftOut } = tableOf(texts);
    const ids = texts.map((text) => table.idOf(text));
    assert.ok(table.isUsed);
    assert.ok(ids.every((found, id) => found === id || (found === LEFT_OUT && leftOut.has(texts[id] ?? ''))));
    assert.ok(ids.filter((found) => found === LEFT_OUT).length * 8 <= texts.length + 8, `${ids}`);
  });
}

test('a text is not confused with another one', () => {
  const texts = ['', 'a', 'ab', 'abc', 'abcd', 'xbcd', 'abcde', 'xbcde', 'abcdef', 'xbcdef'];
  const { table } = tableOf(texts.slice(0, 5));
  for (const text of texts.slice(5)) assert.ok(table.idOf(text) < 0);
});

test('a table of texts that agree in the characters that it looks at gives up and leaves out all', () => {
  const texts = Array.from({ length: 50 }, (_, index) => `${1000 + index}-the-same-from-here-on`);
  const { table, leftOut } = tableOf(texts);
  assert.equal(table.isUsed, false);
  assert.deepEqual(leftOut, new Map(texts.map((text, id) => [text, id])));
});

test('a table of very many texts gives up and leaves out all', () => {
  const texts = numbered(3000, (index) => (index * 7919).toString(36));
  const { table, leftOut } = tableOf(texts);
  assert.equal(table.isUsed, false);
  assert.deepEqual(leftOut, new Map(texts.map((text, id) => [text, id])));
});

test('a table that gave up leaves out the texts that replace all others', () => {
  const { table, leftOut } = tableOf(numbered(2000, String));
  leftOut.clear();
  table.replace(['x', 'y']);
  assert.deepEqual(
    [...leftOut],
    [
      ['x', 0],
      ['y', 1],
    ],
  );
});

for (const [name, texts] of Object.entries(LISTS)) {
  test(`texts that replace all others are found, and only those: ${name}`, () => {
    const { table, leftOut } = tableOf(texts);
    for (const kept of [texts.slice(texts.length >> 1), texts.slice(0, 1), [], texts]) {
      leftOut.clear();
      table.replace(kept);
      for (const text of texts) {
        const id = table.idOf(text);
        assert.equal(id === LEFT_OUT ? leftOut.get(text) : id < 0 ? undefined : id, indexIn(kept, text), text);
      }
    }
  });
}

/** Returns a table of these texts, and the ids of those that it has left out. */
function tableOf(texts: readonly string[]): { readonly table: TextTable; readonly leftOut: Map<string, number> } {
  const leftOut = new Map<string, number>();
  const table = new TextTable((text, id) => leftOut.set(text, id));
  for (const [id, text] of texts.entries()) table.add(text, id, texts.slice(0, id + 1));
  return { table, leftOut };
}

function indexIn(texts: readonly string[], text: string): number | undefined {
  const index = texts.indexOf(text);
  return index < 0 ? undefined : index;
}
