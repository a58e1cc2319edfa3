import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { differences, isSameValue } from '../../../src/cli/diff/differences.ts';
import { parseText } from '../../../src/parse/index.ts';

const series = fc.uniqueArray(fc.tuple(fc.nat(12), fc.nat(2)), { selector: ([label]) => label, maxLength: 8 });

/** Returns the sorted differences between two families with the given series. */
function compared(before: readonly (readonly number[])[], after: readonly (readonly number[])[]): string[] {
  const [one, other] = [before, after].map((lines) =>
    parseText(`# TYPE m gauge\n${lines.map(([label, value]) => `m{a="${label}"} ${value}\n`).join('')}`),
  );
  return Array.from(differences(one ?? [], other ?? [], { isEqual: isSameValue }), (each) =>
    JSON.stringify(each),
  ).sort();
}

test('differences do not depend on the order of series', () => {
  fc.assert(
    fc.property(series, series, (before, after) => {
      const inOrder = (one: readonly number[], other: readonly number[]) => (one[0] ?? 0) - (other[0] ?? 0);
      assert.deepEqual(compared(before, after), compared(before.toSorted(inOrder), after.toSorted(inOrder)));
    }),
  );
});

test('series are distinguished by all of their labels', () => {
  const read = (labels: string) => parseText(`m{${labels}} 1\n`);
  const subjects = Array.from(
    differences(read('a="1"'), read('b="1"'), { isEqual: isSameValue }),
    ({ subject }) => subject,
  );
  assert.deepEqual(subjects, ['m{a="1"}', 'm{b="1"}']);
});

test('large families in another order with the same series and values do not differ', () => {
  const lines = Array.from({ length: 3000 }, (_, index) => `m{a="${index}",b="ü${index % 7}",c=""} ${index}\n`);
  const others = lines.toReversed().map((line) => line.replace(/\{(a="[^"]*"),(b="[^"]*"),c=""\}/, '{$2,$1}'));
  const read = (parts: readonly string[]) => parseText(`# TYPE m gauge\n${parts.join('')}`);
  assert.deepEqual([...differences(read(lines), read(others), { isEqual: isSameValue })], []);
  const changed = others.map((line) => line.replace(/ 1234$/m, ' 5'));
  assert.deepEqual([...differences(read(lines), read(changed), { isEqual: undefined })], []);
  const found = [...differences(read(lines), read(changed), { isEqual: isSameValue })];
  assert.deepEqual(found, [{ kind: 'value', subject: 'm{a="1234",b="ü2"}', before: '1234', after: '5' }]);
});

test('the longer of two families in the same order has more series', () => {
  const read = (text: string) => parseText(`# TYPE m gauge\nm{a="1"} 1\n${text}`);
  const added = { kind: 'series', subject: 'm{a="2"}', before: undefined, after: '2' };
  const removed = { kind: 'series', subject: 'm{a="2"}', before: '2', after: undefined };
  assert.deepEqual([...differences(read(''), read('m{a="2"} 2\n'), { isEqual: isSameValue })], [added]);
  assert.deepEqual([...differences(read('m{a="2"} 2\n'), read(''), { isEqual: isSameValue })], [removed]);
});

test('large families in another order have only the differences of their series', () => {
  const lines = Array.from({ length: 3000 }, (_, index) => `m{a="${index}",b="ü${index % 7}"} ${index}\n`);
  const others = lines.toReversed().map((line) => line.replace(/^m\{a="1234".*/, 'm{b="ü2",a="1234"} 5'));
  const read = (parts: readonly string[]) => parseText(`# TYPE m gauge\n${parts.join('')}`);
  assert.deepEqual(
    [...differences(read(lines), read([...others, 'm{a="x"} 1\n']), { isEqual: isSameValue })],
    [
      { kind: 'value', subject: 'm{a="1234",b="ü2"}', before: '1234', after: '5' },
      { kind: 'series', subject: 'm{a="x"}', before: undefined, after: '1' },
    ],
  );
  assert.deepEqual([...differences(read(lines), read(lines.toReversed()), { isEqual: isSameValue })], []);
});

test('the last sample of a series counts, in the place of the first', () => {
  const read = (text: string) => parseText(`# TYPE m gauge\n${text}`);
  const found = differences(read('m{a="1"} 1\nm{a="2"} 2\nm{a="1"} 3\n'), read('m{a="3"} 1\nm{a="3"} 2\nm{a="1"} 4\n'), { isEqual: isSameValue }); // biome-ignore format: one line
  assert.deepEqual(Array.from(found, ({ subject, before, after }) => [subject, before, after]), [
    ['m{a="1"}', '3', '4'],
    ['m{a="2"}', '2', undefined],
    ['m{a="3"}', undefined, '2'],
  ]); // biome-ignore format: a table
});

test('many families of one name are compared in linear time', () => {
  const families = (value: number) =>
    Array.from({ length: 200_000 }, () => ({ name: 'm', help: '', type: 'gauge', points: [{ value }] }) as const);
  const found = [...differences(families(1), families(2), { isEqual: isSameValue })];
  assert.deepEqual(found, [{ kind: 'value', subject: 'm', before: '1', after: '2' }]);
});
