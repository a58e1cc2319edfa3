import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ParseMode, parseProtobuf } from '../../../src/parse/index.ts';
import { plain } from '../plain.ts';
import { delimited, double, field, integer, signed, varint, zigzag } from './wire.ts';

const label = (name: string, value: string) => field(1, [...field(1, name), ...field(2, value)]);
const up = [...field(1, 'up'), ...integer(3, 1), ...field(4, [...label('a', 'b'), ...field(2, double(1, 1))])];

test('a family keeps its name, help, type, unit, labels and time', () => {
  const metric = [...label('code', '200'), ...field(3, double(1, 17)), ...integer(6, 1520879607789)];
  const family = [...field(4, metric), ...field(1, 'requests_total'), ...field(2, 'All.'), ...field(5, 'requests')];
  assert.deepEqual(plain(parseProtobuf(delimited(family))), [
    {
      name: 'requests_total',
      help: 'All.',
      type: 'counter',
      unit: 'requests',
      points: [{ labels: { code: '200' }, value: 17, timestamp: 1520879607.789 }],
    },
  ]);
});

test('counters keep exemplar and start', () => {
  const exemplar = [...label('trace_id', 'x'), ...double(2, 0.5), ...field(3, [...integer(1, 12), ...integer(2, 5e8)])];
  const counter = [...double(1, 3), ...field(2, exemplar), ...field(3, integer(1, -7))];
  const [family] = parseProtobuf(delimited([...field(1, 'c'), ...field(4, field(3, counter))]));
  assert.deepEqual(plain(family?.points), [
    {
      labels: {},
      value: 3,
      exemplar: { labels: { trace_id: 'x' }, value: 0.5, timestamp: 12.5 },
      startTimestamp: -7,
    },
  ]);
});

const span = (offset: number, length: number) => [...signed(1, offset), ...integer(2, length)];

function nativeHistogram(deltas: number[]): number[] {
  const histogram = [
    ...integer(1, 12),
    ...double(2, 30),
    ...signed(5, 3),
    ...double(6, 0.25),
    ...integer(7, 1),
    ...field(12, span(-2, 2)),
    ...field(12, span(3, 1)),
    ...deltas,
  ];
  return [...field(1, 'h'), ...integer(3, 4), ...field(4, field(7, histogram))];
}

test('packed and unpacked buckets of native histograms are the same', () => {
  const packed = nativeHistogram(field(13, [...zigzag(5), ...zigzag(-3), ...zigzag(2)]));
  const unpacked = nativeHistogram([...signed(13, 5), ...signed(13, -3), ...signed(13, 2)]);
  const [family] = parseProtobuf(delimited(packed));
  assert.deepEqual(plain(family?.points), [
    {
      labels: {},
      value: {
        upperBounds: [],
        bucketCounts: [12],
        count: 12,
        sum: 30,
        native: {
          schema: 3,
          zeroThreshold: 0.25,
          zeroCount: 1,
          positive: { indexes: [-2, -1, 3], counts: [5, 2, 4] },
          negative: { indexes: [], counts: [] },
        },
      },
    },
  ]);
  assert.deepEqual(parseProtobuf(delimited(unpacked)), [family]);
});

test('counts beyond 2 ** 53 are rounded', () => {
  const bucket = field(3, [...integer(1, 2n ** 63n), ...double(2, 1)]);
  const histogram = [...integer(1, 2n ** 64n - 1n), ...bucket];
  const [family] = parseProtobuf(delimited([...field(1, 'h'), ...integer(3, 4), ...field(4, field(7, histogram))]));
  const [point] = family?.type === 'histogram' ? family.points : [];
  assert.deepEqual([point?.value.count, point?.value.bucketCounts], [2 ** 64, [2 ** 63, 2 ** 63]]);
});

test('unknown fields, including groups, are skipped', () => {
  const unknown = [
    ...field(99, 'x'),
    ...integer(98, 1),
    ...double(97, 1),
    ...varint(96 * 8 + 3),
    ...varint(96 * 8 + 4),
  ];
  assert.deepEqual(plain(parseProtobuf(delimited([...unknown, ...up]))), plain(parseProtobuf(delimited(up))));
});

const DOCUMENTS: readonly (readonly [what: string, document: Uint8Array, strict: boolean, prometheus: boolean])[] = [
  ['nothing', new Uint8Array(0), true, true],
  ['an empty family', Uint8Array.of(0), false, true],
  ['a family without metrics', delimited(field(1, 'm')), true, true],
  ['no name', delimited(field(4, field(3, double(1, 1)))), false, false],
  ['a type that does not exist', delimited([...up, ...integer(3, 6)]), false, false],
  ['a value of another type', delimited([...up, ...integer(3, 2)]), false, true],
  [
    'a label twice',
    delimited([...up, ...field(4, [...label('a', '1'), ...label('a', '2'), ...field(2, [])])]),
    false,
    false,
  ],
  ['__name__', delimited([...up, ...field(4, [...label('__name__', '1'), ...field(2, [])])]), false, false],
  ['no UTF-8', delimited([...up, ...field(2, [0xff])]), false, false],
  ['field 0', delimited([0, 0]), false, false],
  ['a string for a number', delimited([...field(1, 'm'), ...field(3, 'x')]), false, false],
  ['a length beyond the end', Uint8Array.of(5, 10), false, false],
  ['a length that never ends', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff), false, false],
  ['more buckets than spans hold', delimited(nativeHistogram(signed(13, 5))), false, false],
  ['a native histogram that does not add up', delimited(nativeHistogram(field(13, [2, 2, 2]))), true, false],
  [
    'more buckets than a histogram can use',
    delimited(nativeHistogram(field(13, Array(2 ** 18 + 1).fill(0)))),
    false,
    false,
  ],
  ['spans without end', delimited(nativeHistogram(field(12, span(0, 4e9)))), false, false],
];

test('each mode accepts the expected documents', () => {
  for (const [what, document, strict, prometheus] of DOCUMENTS) {
    assert.equal(isRead(document, 'strict'), strict, `strict: ${what}`);
    assert.equal(isRead(document, 'prometheus'), prometheus, `prometheus: ${what}`);
  }
});

const histogramOf = (...fields: readonly (readonly number[])[]) =>
  delimited([...field(1, 'h'), ...integer(3, 4), ...field(4, field(7, fields.flat()))]);
const bucketOf = (...fields: readonly (readonly number[])[]) => field(3, fields.flat());
const nativeOf = (...fields: readonly (readonly number[])[]) => histogramOf(field(12, span(0, 1)), ...fields);

const COUNTS: readonly (readonly [what: string, document: Uint8Array, strict: boolean, prometheus: boolean])[] = [
  ['a count of 0', histogramOf(integer(1, 0)), true, true],
  ['a count of 0.5', histogramOf(double(4, 0.5)), true, true],
  ['a count of NaN', histogramOf(double(4, Number.NaN)), false, true],
  ['an infinite count', histogramOf(double(4, Number.POSITIVE_INFINITY)), true, true],
  ['a sum of NaN', histogramOf(integer(1, 1), double(2, Number.NaN)), true, true],
  ['a bucket with 0.5', histogramOf(double(4, 0.5), bucketOf(double(4, 0.5), double(2, 1))), true, true],
  ['a bucket with -1', histogramOf(bucketOf(double(4, -1), double(2, 1))), false, true],
  ['a bucket with NaN', histogramOf(bucketOf(double(4, Number.NaN), double(2, 1))), false, true],
  ['a bucket up to NaN', histogramOf(bucketOf(integer(1, 1), double(2, Number.NaN))), false, true],
  ['a native bucket', nativeOf(integer(1, 1), signed(13, 1)), true, true],
  ['a native bucket with NaN', nativeOf(double(4, 1), double(14, Number.NaN)), false, true],
  ['a native bucket with -1', nativeOf(double(4, 1), double(14, -1)), true, false],
  ['a zero bucket with -1', histogramOf(double(4, 1), double(6, 1), double(8, -1)), false, false],
  ['a zero bucket with NaN', histogramOf(double(4, 1), double(6, 1), double(8, Number.NaN)), false, true],
  ['a zero threshold of -1', nativeOf(integer(1, 1), signed(13, 1), double(6, -1)), false, true],
  ['a zero threshold of NaN', nativeOf(integer(1, 1), signed(13, 1), double(6, Number.NaN)), false, true],
];

for (const [what, document, strict, prometheus] of COUNTS) {
  test(`a histogram with ${what}: strict mode ${verb(strict)} it, prometheus mode ${verb(prometheus)} it`, () => {
    assert.equal(isRead(document, 'strict'), strict);
    assert.equal(isRead(document, 'prometheus'), prometheus);
  });
}

test('the message after an invalid one is parsed', () => {
  const errors: string[] = [];
  const families = parseProtobuf(delimited(up, field(2, [0xff]), up), {
    onError: ({ message }) => errors.push(message),
  });
  assert.deepEqual(
    families.map(({ name }) => name),
    ['up', 'up'],
  );
  assert.deepEqual(errors, ['Message 2, byte 3: expected valid UTF-8.']);
});

test('buckets that are finer than a server keeps are merged as in the server', () => {
  const histogram = [...integer(1, 6), ...signed(5, 10), ...field(12, span(1, 3)), ...field(13, [...zigzag(1), 2, 2])];
  const family = delimited([...field(1, 'h'), ...integer(3, 4), ...field(4, field(7, histogram))]);
  const [parsed] = parseProtobuf(family, { mode: 'prometheus' });
  const [point] = parsed?.type === 'histogram' ? parsed.points : [];
  assert.deepEqual(point?.value.native?.positive, { indexes: [1], counts: [6] });
  assert.throws(() => parseProtobuf(family), /expected a schema from -4 to 8/);
});

function isRead(document: Uint8Array, mode: ParseMode): boolean {
  let isFine = true;
  parseProtobuf(document, {
    mode,
    onError: () => {
      isFine = false;
    },
  });
  return isFine;
}

function verb(isAccepted: boolean): string {
  return isAccepted ? 'accepts' : 'rejects';
}
