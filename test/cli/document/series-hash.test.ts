import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SeriesHash, SeriesValues } from '../../../src/cli/document/series-hash.ts';
import { ROWS } from '../../../src/model/sample-rows.ts';
import { PackedPoints } from '../../../src/parse/assembly/packed-points.ts';
import { labelsOf } from '../../../src/parse/assembly/series-index.ts';

const text = fc.oneof(
  fc.constantFrom('', 'GET', 'GETS', 'ü', 'ü😀', 'Ã¼', 'a\nb', '"', '\\', 'x'.repeat(100)),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const pairs = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', '__proto__', 'ä'), text), {
  selector: ([name]) => name,
});

test('the hash of a series is the same from lists, pairs and packed points, in any order of labels', () => {
  const hash = new SeriesHash();
  fc.assert(
    fc.property(fc.array(pairs, { minLength: 1, maxLength: 8 }), (series) => {
      const packed = PackedPoints.of(series.map((labels) => ({ labels: labelsOf(...lists(labels)), value: 1 })));
      const rows = packed[ROWS]();
      for (const labels of series) {
        assert.ok(rows.next());
        const expected = hash.ofPairs('m', labels);
        assert.equal(hash.ofRow('m', rows), expected);
        assert.equal(hash.ofPairs('m', labels.toReversed()), expected);
        const present = labels.filter(([, value]) => value !== '');
        for (const same of [labels, labels.toReversed(), present]) {
          const [labelNames, labelValues] = lists(same);
          assert.equal(hash.of('m', { labelNames, labelValues }), expected);
        }
        assert.notEqual(hash.ofRow('n', rows), expected);
      }
      assert.ok(!rows.next());
    }),
  );
});

test('series with other labels have other hashes', () => {
  const hash = new SeriesHash();
  fc.assert(
    fc.property(pairs, pairs, (ones, others) => {
      const shown = (labels: readonly (readonly [string, string])[]) =>
        JSON.stringify(labels.filter(([, value]) => value !== '').sort(([one], [other]) => (one < other ? -1 : 1)));
      assert.equal(hash.ofPairs('m', ones) === hash.ofPairs('m', others), shown([...ones]) === shown([...others]));
    }),
  );
});

for (const expected of [-5, 0, 1, 12, 13, 5000, 20_000]) {
  test(`values are found by hash, and taken once until they are released, if ${expected} are expected`, () => {
    const hash = new SeriesHash();
    const hashes = Array.from({ length: 5000 }, (_, index) => hash.ofText(`series ${index}`));
    const values = new SeriesValues(expected);
    for (const [index, one] of hashes.entries()) values.set(one, index);
    values.set(hashes[7]!, Number.NaN);
    assert.equal(values.size, 5000);
    for (let round = 0; round < 2; round++) {
      for (const [index, one] of hashes.entries()) {
        const value = index === 7 ? Number.NaN : index;
        assert.deepEqual([values.get(one), values.take(one), values.take(one), values.get(one)], [value, value, undefined, value]); // biome-ignore format: one line
      }
      values.release();
    }
    const unknown = hash.ofText('another');
    assert.deepEqual([values.get(unknown), values.take(unknown)], [undefined, undefined]);
  });
}

function lists(labels: readonly (readonly [string, string])[]): [string[], string[]] {
  return [labels.map(([name]) => name), labels.map(([, value]) => value)];
}
