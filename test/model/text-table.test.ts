import assert from 'node:assert/strict';
import { METHODS, STATUS_CODES } from 'node:http';
import { test } from 'node:test';
import { TextTable } from '../../src/model/text-table.ts';

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
    const table = new TextTable();
    for (const [id, text] of texts.entries()) table.add(text, id, texts.slice(0, id + 1));
    const ids = texts.map((text) => table.idOf(text));
    assert.ok(table.isUsed);
    assert.ok(ids.every((found, id) => found === id || found === -1));
    assert.ok(ids.filter((found) => found === -1).length * 8 <= texts.length + 8, `${ids}`);
  });
}

test('a text is not confused with another one', () => {
  const table = new TextTable();
  const texts = ['', 'a', 'ab', 'abc', 'abcd', 'xbcd', 'abcde', 'xbcde', 'abcdef', 'xbcdef'];
  for (const [id, text] of texts.slice(0, 5).entries()) table.add(text, id, texts.slice(0, id + 1));
  for (const text of texts.slice(5)) assert.equal(table.idOf(text), -1);
});

test('a table of texts that agree in the characters that it looks at gives up', () => {
  const table = new TextTable();
  const texts = Array.from({ length: 50 }, (_, index) => `${1000 + index}-the-same-from-here-on`);
  for (const [id, text] of texts.entries()) table.add(text, id, texts.slice(0, id + 1));
  assert.equal(table.isUsed, false);
  assert.equal(table.idOf(texts[0] ?? ''), -1);
});
