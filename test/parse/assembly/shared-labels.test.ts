import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MetricFamily } from '../../../src/model/family.ts';
import { parseText } from '../../../src/parse/index.ts';
import { plain } from '../plain.ts';

test('families with the same series share their labels', () => {
  const [one, other] = parseText('a{x="1"} 1\na{x="2"} 1\nb{x="1"} 1\nb{x="2"} 1\n');
  assert.deepEqual(plain(labelsOf(one)), [{ x: '1' }, { x: '2' }]);
  for (const [index, each] of labelsOf(one).entries()) assert.equal(each, labelsOf(other)[index]);
});

test('series that come and go between families keep their own labels', () => {
  const series = fc.uniqueArray(fc.tuple(fc.constantFrom('x', 'y'), fc.nat(5)), { selector: (pair) => pair.join(), maxLength: 8 }); // biome-ignore format: one line
  fc.assert(
    fc.property(fc.array(series, { minLength: 1, maxLength: 6 }), (families) => {
      const filled = families.filter(({ length }) => length > 0);
      const document = filled.flatMap((each, index) =>
        each.map(([name, value]) => `m${index}{${name}="${value}"} 1\n`),
      );
      const read = parseText(document.join('')).map((family) => plain(labelsOf(family)));
      assert.deepEqual(
        read,
        filled.map((each) => each.map(([name, value]) => ({ [name]: String(value) }))),
      );
    }),
    { numRuns: 300 },
  );
});

function labelsOf(family: MetricFamily | undefined): unknown[] {
  return [...(family?.points ?? [])].map(({ labels }) => labels);
}
