import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../src/exposition/bytes/byte-writer.ts';
import { TextFormatEncoder } from '../../src/exposition/text/text-encoder.ts';
import { encodeFamily } from '../../src/model/encoder.ts';
import type { MetricFamily } from '../../src/model/family.ts';
import { parseText } from '../../src/parse/index.ts';
import { plain } from './plain.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const labels = fc.dictionary(fc.constantFrom('a', 'b_2', 'code', '_x', '__proto', 'Le'), text, { maxKeys: 4 });
/** Writers do not write negative zero, and round integers with more than 15 digits. */
const number = fc.double().map((value) => (Number.isInteger(value) && Math.abs(value) > 1e15 ? 0.5 : value + 0));
const count = fc.nat(1e9);

const numberFamily = fc.record({
  type: fc.constantFrom('counter' as const, 'gauge' as const, 'unknown' as const),
  points: pointsOf(number),
});
const histogramFamily = fc.record({
  type: fc.constant('histogram' as const),
  points: pointsOf(
    fc.tuple(fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), count), { maxLength: 6 }), count, number),
  ),
});
const summaryFamily = fc.record({
  type: fc.constant('summary' as const),
  points: pointsOf(fc.record({ count, sum: number, quantiles: fc.constant([{ quantile: 0.5, value: 3.25 }]) })),
});

/** Points with different labels. */
function pointsOf<T>(value: fc.Arbitrary<T>) {
  const timestamp = fc.option(fc.nat(4e9), { nil: undefined });
  const point = fc.record({ labels, value, timestamp }, { requiredKeys: ['labels', 'value'] });
  return fc.uniqueArray(point, {
    maxLength: 6,
    selector: (each) => JSON.stringify(Object.entries(each.labels).sort()),
  });
}

test('the output of the text encoder is parsed to the same families', () => {
  const family = fc.oneof(numberFamily, histogramFamily, summaryFamily);
  // Prometheus reads a help text of blanks as an empty one.
  const help = text.filter((any) => !/^[ \t]+$/.test(any));
  fc.assert(
    fc.property(fc.array(fc.record({ family, help }), { maxLength: 5 }), (described) => {
      const families = described.map(({ family: { type, points }, help }, index) =>
        familyOf(`family_${index}`, help, type, points),
      );
      for (const mode of ['strict', 'prometheus'] as const) {
        assert.deepEqual(plain(parseText(encode(families), { mode })), families.map(plainFamily));
      }
    }),
    { numRuns: 300 },
  );
});

test('an exposition of many blocks is parsed to the same families', () => {
  const families = Array.from({ length: 20 }, (_, family) => {
    const points = Array.from({ length: 1000 }, (_unused, index) => ({
      labels: {
        handler: `/api/v1/${index % 16}`,
        code: String(200 + (index >> 4)),
        note: index % 97 === 0 ? 'ü\n"\\' : '',
      },
      value: index / 7,
    }));
    return familyOf(`family_${family}`, 'Help.', 'gauge', points);
  });
  const bytes = encode(families);
  assert.equal(bytes.length > 1e6, true);
  const expected = families.map(plainFamily);
  assert.deepEqual(plain(parseText(bytes)), expected);
  assert.deepEqual(plain(parseText(bytes.toString())), expected);
});

type Drawn = readonly { readonly labels: Record<string, string>; readonly value: unknown }[];

/** Converts generated values to a family; buckets are pairs of bound and count. */
function familyOf(name: string, help: string, type: MetricFamily['type'], points: Drawn): MetricFamily {
  const filled = type === 'histogram' ? points.map((point) => ({ ...point, value: histogramOf(point.value) })) : points;
  return { name, help: help.toWellFormed(), type, points: filled } as MetricFamily; // Generated to match the type.
}

function histogramOf(drawn: unknown): object {
  const [buckets, last, sum] = drawn as [[number, number][], number, number]; // As histogramFamily generates them.
  const unique = [...new Map(buckets)].sort(([one], [other]) => one - other);
  const bucketCounts = [...unique.map(([, bucket]) => bucket), last];
  const total = bucketCounts.reduce((one, other) => one + other, 0);
  return { upperBounds: unique.map(([bound]) => bound), bucketCounts, count: total, sum };
}

function encode(families: readonly MetricFamily[]): Buffer {
  const writer = new ByteWriter();
  const encoder = new TextFormatEncoder(writer);
  for (const family of families) encodeFamily(family, encoder);
  encoder.end();
  return writer.take();
}

/** The family as parsed, without undefined fields. */
function plainFamily(family: MetricFamily): unknown {
  const points = [...family.points].map((point) =>
    Object.fromEntries(Object.entries(point).filter(([, value]) => value !== undefined)),
  );
  return plain({ ...family, points });
}
