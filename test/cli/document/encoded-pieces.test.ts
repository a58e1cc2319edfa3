import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodedPieces, type PieceOptions } from '../../../src/cli/document/encoded-pieces.ts';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import { type Format, openMetrics, protobuf, text } from '../../../src/exposition/formats.ts';
import { type Encoder, encodeFamily } from '../../../src/model/encoder.ts';
import type { MetricFamily, NativeBucketCounts, Sample } from '../../../src/model/family.ts';
import type { Labels } from '../../../src/model/labels.ts';
import { PackedPoints } from '../../../src/parse/assembly/packed-points.ts';
import { labelsOf } from '../../../src/parse/assembly/series-index.ts';
import { parseProtobuf } from '../../../src/parse/index.ts';

const POINTS = 5000;
const EXEMPLAR = { labels: { trace_id: 'ü1' }, value: 1, timestamp: 1.5 };

function many<S>(point: (index: number) => S): S[] {
  return Array.from({ length: POINTS }, (_, index) => point(index));
}

function labelsAt(index: number): Labels {
  return labelsOf(['method', 'path'], [index % 3 ? 'GET' : '', `/ü/"${index}"/${'x'.repeat(index % 200)}`]);
}

const plain = many((index) => ({ labels: labelsAt(index), value: index / 4 }));
const side = (index: number): NativeBucketCounts => ({ indexes: [-1, index % 50], counts: [index, 1] });

/** Long families of all types, each as its name says. */
const long: Readonly<Record<string, MetricFamily>> = {
  counters: { name: 'a_total', help: 'Help, ü.', type: 'counter', points: plain },
  'packed counters': { name: 'a_total', help: '', type: 'counter', points: PackedPoints.of(plain) },
  'packed gauges with times': {
    name: 'a_bytes',
    help: '',
    unit: 'bytes',
    type: 'gauge',
    points: PackedPoints.of(plain.map((point, index) => ({ ...point, ...(index % 7 && { timestamp: index / 8 }) }))),
  },
  'packed counters with start times and exemplars': {
    name: 'a_total',
    help: '',
    type: 'counter',
    points: PackedPoints.of(plain.map((point, index) => ({ ...point, startTimestamp: index, ...(index % 5 ? {} : { exemplar: EXEMPLAR }) }))), // biome-ignore format: one line
  },
  'packed numbers with other labels each': {
    name: 'a',
    help: '',
    type: 'unknown',
    points: PackedPoints.of(many((index) => ({ labels: labelsOf([`l${index % 40}`], [`${index}`]), value: -index }))),
  },
  'points of which some are not shown': {
    name: 'a',
    help: '',
    type: 'gauge',
    points: many((index) => ({ labels: { [index % 3 ? 'path' : '']: `${index}`.repeat(9) }, value: index })),
  },
  'labels whose names are escaped': {
    name: 'a.b',
    help: '',
    type: 'gauge',
    points: PackedPoints.of(many((index) => ({ labels: labelsOf(['ä', 'a.b'], [`${index}`, 'x']), value: index }))),
  },
  histograms: {
    name: 'a_seconds',
    help: '',
    unit: 'seconds',
    type: 'histogram',
    points: many((index) => ({
      labels: labelsAt(index),
      value: { upperBounds: [1, 2], bucketCounts: [index, index % 2, 1], count: index + (index % 2) + 1, sum: index },
    })),
  },
  'native histograms': {
    name: 'a',
    help: '',
    type: 'histogram',
    points: many((index) => ({
      labels: labelsAt(index),
      value: {
        upperBounds: [],
        bucketCounts: [index + 1],
        count: index + 1,
        sum: 1,
        native: { schema: 3, zeroThreshold: 0, zeroCount: 0, positive: side(index), negative: { indexes: [], counts: [] }, exemplars: [EXEMPLAR] }, // biome-ignore format: one line
      },
    })),
  },
  summaries: {
    name: 'a',
    help: '',
    type: 'summary',
    points: many((index) => ({ labels: labelsAt(index), value: { count: index, sum: 1, quantiles: [{ quantile: 0.5, value: index }] } })), // biome-ignore format: one line
  },
  infos: { name: 'a_info', help: '', type: 'info', points: many((index) => ({ labels: labelsAt(index), value: 1 })) },
  'state sets': {
    name: 'a',
    help: '',
    type: 'stateset',
    points: many((index) => ({ labels: labelsAt(index), value: { states: ['on', 'off'], enabled: [index % 2, 1] } })),
  },
};

const small: MetricFamily = { name: 'small', help: '', type: 'gauge', points: [{ value: 1 }] };

function pieces(families: Iterable<MetricFamily>, options: PieceOptions = { escaping: 'underscores' }): Buffer[] {
  return Array.from(encodedPieces(families, 'protobuf', options), (piece) => Buffer.from(piece));
}

function whole(families: readonly MetricFamily[], format: Format = protobuf): Buffer {
  const encode = (encoder: Encoder) => {
    for (const family of families) encodeFamily(family, encoder);
  };
  return encodeGathering({ encode }, format, { escaping: 'underscores' });
}

for (const [name, family] of Object.entries(long)) {
  test(`a long protobuf family of ${name} is one message, with everything up to its end`, () => {
    for (const families of [[family], [small, family], [family, small], [{ ...small, name: 'first' }, family, small]]) {
      assert.deepEqual(Buffer.concat(pieces(families)), whole(families));
    }
    assert.equal(parseProtobuf(Buffer.concat(pieces([family]))).length, 1);
  });
}

test('several long families are one message each', () => {
  const families = Object.values(long).map((family, index) => ({ ...family, name: `${family.name}${index}` }));
  assert.deepEqual(Buffer.concat(pieces(families)), whole(families));
});

test('a long family whose name is taken is left out, also between long families', () => {
  const counters = long.counters!;
  const families = [counters, counters, { ...counters, name: 'b_total' }];
  const problems: string[] = [];
  const onProblem = ({ message }: Error) => problems.push(message);
  assert.deepEqual(
    Buffer.concat(pieces(families, { escaping: 'underscores', onProblem })),
    whole([families[0]!, families[2]!]),
  );
  assert.equal(problems.length, 1);
});

test('points of a long family that are left out are reported once', () => {
  const problems: string[] = [];
  const onProblem = ({ message }: Error) => problems.push(message);
  pieces([long['points of which some are not shown']!], { escaping: 'underscores', onProblem });
  assert.equal(problems.length, 1);
});

test('a family without a point that can be shown is left out, however long its help', () => {
  const points = many((index) => ({ labels: { '': `${index}` }, value: 1 }));
  const family: MetricFamily = { name: 'a', help: 'x'.repeat(2 ** 18), type: 'gauge', points };
  assert.deepEqual(Buffer.concat(pieces([family, small])), whole([small]));
});

test('the first piece of a long family is taken while its points are being written', () => {
  let started = 0;
  let ended = 0;
  const points: Iterable<Sample<'gauge'>> = {
    *[Symbol.iterator]() {
      started++;
      yield* plain;
      ended++;
    },
  };
  const family: MetricFamily = { name: 'a', help: '', type: 'gauge', points };
  const [first] = encodedPieces([family], 'protobuf', { escaping: 'underscores' });
  assert.ok(first !== undefined && first.length > 0);
  assert.ok(ended < started);
});

for (const [name, format] of [
  ['text', text],
  ['openmetrics', openMetrics],
] as const) {
  // biome-ignore format: a table
  test(`packed points are encoded like others in ${name}`, () => {
    for (const family of Object.values(long)) {
      const unpacked = { ...family, points: [...family.points] } as MetricFamily;
      const encoded = Array.from(encodedPieces([family], name, { escaping: 'underscores' }));
      assert.deepEqual(Buffer.concat(encoded), whole([unpacked], format));
    }
  });
}
