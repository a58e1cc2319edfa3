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

test('many families of one name are compared in linear time', () => {
  const families = (value: number) =>
    Array.from({ length: 200_000 }, () => ({ name: 'm', help: '', type: 'gauge', points: [{ value }] }) as const);
  const found = [...differences(families(1), families(2), { isEqual: isSameValue })];
  assert.deepEqual(found, [{ kind: 'value', subject: 'm', before: '1', after: '2' }]);
});
