import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MetricFamily } from '../../../src/model/family.ts';
import { FamilyAssembler } from '../../../src/parse/assembly/family-assembler.ts';
import { PackedPoints } from '../../../src/parse/assembly/packed-points.ts';
import type { PointDraft } from '../../../src/parse/assembly/points.ts';
import { labelsOf } from '../../../src/parse/assembly/series-index.ts';
import { type ParseMode, parseOpenMetrics, parseText, readOpenMetrics, readText } from '../../../src/parse/index.ts';
import { plain } from '../plain.ts';

const text = fc.oneof(
  fc.constantFrom('', 'GET', 'GETS', 'ü', 'üü', '😀', '😁', 'é', 'Ã', 'a\nb', '/api/v1/items', '/api/v1/items/12'),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.nat(300).map((length) => 'ß'.repeat(length)),
);
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, NaN, -Infinity),
);
const labels = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', '__proto__', 'ä'), text), { selector: ([name]) => name })
  .map((pairs) => labelsOf(...columns(pairs)));
const exemplar = fc.record({ labels, value: number });
const point: fc.Arbitrary<PointDraft<number>> = fc.record(
  {
    labels,
    value: number,
    timestamp: number,
    startTimestamp: number,
    exemplar,
    exemplars: fc.array(exemplar, { maxLength: 2 }),
  },
  { requiredKeys: ['labels', 'value'] },
);

test('points that are the same in both are recognized, unless they have exemplars, and others never', () => {
  const bare = fc.record({ labels, value: number, timestamp: number }, { requiredKeys: ['labels', 'value'] });
  fc.assert(
    fc.property(fc.array(bare, { maxLength: 20 }), fc.array(bare, { maxLength: 20 }), (ones, others) => {
      const packed = PackedPoints.of(ones);
      assert.ok(packed.isSame(PackedPoints.of(ones)));
      const areEqual = JSON.stringify(ones.map(shown)) === JSON.stringify(others.map(shown));
      assert.equal(packed.isSame(PackedPoints.of(others)), areEqual);
      for (const [index, one] of ones.entries()) {
        const changes = [{ value: one.value === 7 ? 8 : 7 }, { timestamp: one.timestamp === 7 ? 8 : 7 }];
        for (const change of changes) {
          assert.ok(!packed.isSame(PackedPoints.of(ones.with(index, { ...one, ...change }))), `${index}`);
        }
      }
    }),
  );
});

/** Distinguishes NaN, infinities and -0, and the order of labels. */
function shown({ labels: own, value, timestamp }: PointDraft<number>): unknown {
  const text = (one: number | undefined) => (Object.is(one, -0) ? '-0' : String(one));
  return [Object.entries(own), text(value), text(timestamp)];
}

test('packed points are the points that were added, at every iteration', () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 40 }), (points) => {
      const packed = PackedPoints.of(points);
      assert.equal(packed.length, points.length);
      for (let round = 0; round < 2; round++) assert.deepEqual(plain([...packed]), plain(points));
    }),
    { numRuns: 500 },
  );
});

test('packed points of many blocks, and with texts longer than a block, keep their order', () => {
  const points = Array.from({ length: 20_000 }, (_, index) => ({
    labels: { id: index % 1000 === 0 ? String(index).repeat(40_000) : `number ${index}`, zone: index % 3 ? 'a' : 'ä' },
    value: index / 4,
  }));
  assert.deepEqual(plain([...PackedPoints.of(points)]), plain(points));
});

test('map() returns the changed points', () => {
  const packed = PackedPoints.of([
    { labels: { a: '1' }, value: 1 },
    { labels: { a: '2' }, value: 2 },
  ]);
  const changed = packed.map((each) => ({ ...each, timestamp: each.value }));
  assert.deepEqual(
    Array.from(changed, ({ value, timestamp }) => [value, timestamp]),
    [
      [1, 1],
      [2, 2],
    ],
  );
});

/** Enough lines of each family to pack it, and some that do not fit. */
const LINES = Array.from({ length: 200 }, (_, index) => index);
const documents: Readonly<Record<string, string>> = {
  'one family': LINES.map((index) => `a{b="${index}",c="ü${index % 7}"} ${index / 8} ${index}\n`).join(''),
  'families in turn': LINES.map((index) => `a{b="${index}"} 1\nc_total{b="${index}"} 2\n`).join(''),
  'label names in turn': LINES.map((index) => `a{${index % 2 ? 'b' : 'c'}="${index}"} 1\n`).join(''),
  'samples with the name of a part': `# TYPE h summary\n${LINES.map((index) => `h_count{a="${index}"} 1\nh_count{a="${index}"} 2\nh_x 1\n`).join('')}`,
  'counters with start times': `# TYPE c counter\n${LINES.map((index) => `c_total{a="${index}"} 1 # {t="${index}"} 2\nc_created{a="${index % 150}"} 3\n`).join('')}`,
};

for (const [name, document] of Object.entries(documents)) {
  for (const mode of ['strict', 'prometheus'] as const) {
    test(`the families of ${name} are the same when they are packed, mode ${mode}`, () => {
      const options = { mode, onError: () => {} };
      assert.deepEqual(unpacked(packedText(document, mode)), plain(parseText(document, options)));
      const openMetrics = `${document}# EOF\n`;
      assert.deepEqual(unpacked(packedOpenMetrics(openMetrics, mode)), plain(parseOpenMetrics(openMetrics, options)));
    });
  }
}

test('the points of a large family are packed', () => {
  const [family] = packedText(documents['one family']!, 'strict');
  assert.ok(family?.points instanceof PackedPoints);
});

function packedText(document: string, mode: ParseMode): MetricFamily[] {
  const assembler = new FamilyAssembler('text', mode, true);
  readText(document, assembler, { mode, onError: () => {} });
  return assembler.finish();
}

function packedOpenMetrics(document: string, mode: ParseMode): MetricFamily[] {
  const assembler = new FamilyAssembler('openMetrics', mode, true);
  readOpenMetrics(document, assembler, { mode, onError: () => {} });
  return assembler.finish();
}

function unpacked(families: readonly MetricFamily[]): unknown {
  return plain(families.map((family) => ({ ...family, points: [...family.points] })));
}

function columns(pairs: readonly (readonly [string, string])[]): [string[], string[]] {
  return [pairs.map(([name]) => name), pairs.map(([, value]) => value)];
}

for (const count of [1, 2, 3, 17, 63, 64, 65]) {
  test(`families of ${count} points that may be packed are the same as others, with and without labels`, () => {
    const lines = Array.from({ length: count }, (_, index) => {
      const labels = index % 3 === 0 ? '' : `{a="${index % 5}",b="${index}"}`;
      return `m${labels} ${index}\nn${labels} ${index} ${index}\no ${index}\n`;
    });
    for (const mode of ['strict', 'prometheus'] as const) {
      const document = lines.join('');
      assert.deepEqual(unpacked(packedText(document, mode)), plain(parseText(document, { mode, onError: () => {} })));
    }
  });
}
