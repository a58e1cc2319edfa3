import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeGathering } from '../../src/exposition/encode.ts';
import { type Format, openMetrics, openMetrics2, protobuf, text, textUtf8 } from '../../src/exposition/formats.ts';
import type { MetricFamily } from '../../src/model/family.ts';
import { parse } from '../../src/parse/index.ts';
import { gatheringOf } from '../exposition/families.ts';
import { sized } from '../long.ts';
import { carried, type FormatName } from './format-capabilities.ts';
import { plainlyNamed, toldFamilies } from './full-families.ts';
import { plain } from './plain.ts';

interface Tried {
  readonly format: Format;
  readonly families: fc.Arbitrary<MetricFamily[]>;
}

const FORMATS: { readonly [name in FormatName]: Tried } = {
  'text 0.0.4': { format: text, families: plainlyNamed },
  'text 1.0.0': { format: textUtf8, families: toldFamilies },
  'OpenMetrics 1.0.0': { format: openMetrics, families: toldFamilies },
  'OpenMetrics 2.0.0': { format: openMetrics2, families: toldFamilies.map((made) => made.map(withoutLineFeed)) },
  protobuf: { format: protobuf, families: toldFamilies },
};
const NAMES = Object.keys(FORMATS) as FormatName[]; // As declared.
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

for (const name of NAMES) {
  const { format, families } = FORMATS[name];

  test(`${name} preserves all data that it can represent`, () => {
    fc.assert(
      fc.property(families, (made) => {
        const read = parse(encode(made, format), format.contentType);
        assert.deepEqual(plain(read), carried(made, name));
      }),
      { numRuns: sized(33, 100) },
    );
  });

  test(`${name} is encoded again to the same bytes`, () => {
    fc.assert(
      fc.property(families, (made) => {
        const bytes = encode(made, format);
        const again = encode(parse(bytes, format.contentType), format);
        assert.equal(again.toString('latin1'), bytes.toString('latin1'));
      }),
      { numRuns: sized(33, 100) },
    );
  });

  test(`${name} in chunks of any size is parsed like the whole`, async () => {
    await fc.assert(
      fc.asyncProperty(families, cuts, async (made, at) => {
        const bytes = encode(made, format);
        const whole = parse(bytes, format.contentType);
        assert.deepEqual(await parse(chunks(bytes, at), format.contentType), whole);
      }),
      { numRuns: sized(20, 60) },
    );
  });
}

test('data that one format has parsed is the same after a conversion through any other', () => {
  const pairs = NAMES.flatMap((from) => NAMES.map((to) => [from, to] as const));
  fc.assert(
    fc.property(plainlyNamed, fc.constantFrom(...pairs), (made, [from, to]) => {
      const source = FORMATS[from].format;
      const target = FORMATS[to].format;
      const converted = encode(parse(encode(made, source), source.contentType), target);
      const again = encode(parse(converted, target.contentType), target);
      assert.equal(again.toString('latin1'), converted.toString('latin1'));
    }),
    { numRuns: sized(66, 200) },
  );
});

/** OpenMetrics 2.0 does not allow line feeds in family names. */
function withoutLineFeed(family: MetricFamily): MetricFamily {
  return { ...family, name: family.name.replaceAll('\n', '_') };
}

function encode(families: readonly MetricFamily[], format: Format): Buffer {
  return encodeGathering(gatheringOf(families), format, {
    escaping: 'allow-utf-8',
    createdLines: true,
    onProblem: (problem) => {
      throw problem;
    },
  });
}

async function* chunks(bytes: Buffer, at: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = at.map((part) => Math.round(part * bytes.length)).sort((one, other) => one - other);
  let start = 0;
  for (const end of [...places, bytes.length]) {
    const chunk = Buffer.from(bytes.subarray(start, end));
    yield chunk;
    chunk.fill(0x78); // A stream may reuse its buffer.
    start = end;
  }
}
