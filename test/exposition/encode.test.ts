import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteWriter } from '../../src/exposition/bytes/byte-writer.ts';
import { encodeGathering, expositionEncoder } from '../../src/exposition/encode.ts';
import type { Escaping } from '../../src/exposition/encoding/escaping.ts';
import { type Format, openMetrics, protobuf, text } from '../../src/exposition/formats.ts';
import { Gauge } from '../../src/metrics/gauge.ts';
import type { DirectCollector } from '../../src/model/collector.ts';
import { type Encoder, encodeFamily } from '../../src/model/encoder.ts';
import type { HistogramValue, MetricFamily, MetricType } from '../../src/model/family.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { takeAll } from './drain.ts';
import { gatheringOf } from './families.ts';
import { decodeFamilies } from './metrics-schema.ts';

function encodeDirect(metric: DirectCollector, encoder: Encoder): void {
  encoder.family(metric.descriptor);
  metric.encode(encoder, 0, metric.rowCount);
}

function gauge(name: string, labels: { readonly [name: string]: string } = {}, value = 1): MetricFamily {
  return { name, help: '', type: 'gauge', points: [{ labels, value }] };
}

function family(type: MetricType, value: unknown): MetricFamily {
  // Each test passes a value of the type.
  return { name: 'a', help: '', type, points: [{ value }] } as MetricFamily;
}

function histogram(upperBounds: number[], bucketCounts: number[], count: number): MetricFamily {
  return family('histogram', { upperBounds, bucketCounts, count, sum: 1 });
}

/** The exposition, and the reported problems. */
function encode(families: readonly MetricFamily[], format: Format = text, escaping: Escaping = 'underscores') {
  const problems: string[] = [];
  const onProblem = ({ message }: Error) => problems.push(message);
  const bytes = encodeGathering(gatheringOf(families), format, { escaping, onProblem });
  return { bytes, output: bytes.toString(), problems };
}

test('of two names that become equal, the second is left out and reported', () => {
  const { output, problems } = encode([gauge('a.b'), gauge('a_b'), gauge('c')]);
  assert.equal(output, '# TYPE a_b gauge\na_b 1\n# TYPE c gauge\nc 1\n');
  assert.deepEqual(problems, [
    'a_b is not shown, or not all of it: The name a_b is already taken. Give each metric a unique name.',
  ]);
});

test('names that stay different are both shown', () => {
  assert.deepEqual(encode([gauge('a.b'), gauge('a_b')], text, 'values').problems, []);
  assert.deepEqual(encode([gauge('a.b'), gauge('a_b')], text, 'allow-utf-8').problems, []);
});

test('a family whose label names become equal is left out and reported', () => {
  const { output, problems } = encode([gauge('a', { 'x.y': '1', x_y: '2' }), gauge('b')]);
  assert.equal(output, '# TYPE a gauge\n# TYPE b gauge\nb 1\n');
  assert.match(problems.join(), /Labels x\.y and x_y would both be shown as x_y/);
});

test('the name of a state set, which is also a label, has no colons if names are escaped', () => {
  const points = [{ value: { states: ['x'], enabled: [true] } }];
  const states: MetricFamily = { name: 'a:b', help: '', type: 'stateset', points };
  assert.match(encode([states]).problems.join(), /must not contain colons/);
  assert.equal(encode([states], text, 'allow-utf-8').output, '# TYPE a:b gauge\na:b{"a:b"="x"} 1\n');
});

test('a label whose escaped name equals the label of the states is left out', () => {
  const points = [{ labels: { a_b: '1' }, value: { states: ['x'], enabled: [true] } }];
  const { output, problems } = encode([{ name: 'a.b', help: '', type: 'stateset', points }]);
  assert.equal(output, '# TYPE a_b gauge\n');
  assert.match(problems.join(), /the label of the states/);
});

test('a duplicate family is exposed once', () => {
  const { output, problems } = encode([gauge('a', {}, 1), gauge('a', {}, 2)]);
  assert.equal(output, '# TYPE a gauge\na 1\n');
  assert.equal(problems.length, 1);
});

test('a family with the name of samples of a histogram is left out', () => {
  const value: HistogramValue = { upperBounds: [], bucketCounts: [1], count: 1, sum: 1 };
  const { output, problems } = encode([family('histogram', value), gauge('a_count', {}, 5)]);
  assert.equal(output, '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n');
  assert.match(problems.join(), /The name a_count is already taken/);
});

for (const name of ['', '\ud800']) {
  test(`a family of a collector named ${JSON.stringify(name)} is left out`, () => {
    const { output, problems } = encode([gauge(name), gauge('b')]);
    assert.equal(output, '# TYPE b gauge\nb 1\n');
    assert.equal(problems.length, 1);
  });
}

for (const label of ['', '__name__', '\udc00']) {
  test(`a point with a label named ${JSON.stringify(label)} is left out`, () => {
    const { output, problems } = encode([gauge('a', { [label]: 'x' })]);
    assert.equal(output, '# TYPE a gauge\n');
    assert.equal(problems.length, 1);
  });
}

test('a point with a label that the format adds is left out', () => {
  const value = { count: 1, sum: 1, quantiles: [] };
  const { output } = encode([
    { name: 'a', help: '', type: 'summary', points: [{ labels: { quantile: '1' }, value }, { value }] },
  ]);
  assert.equal(output, '# TYPE a summary\na_sum 1\na_count 1\n');
});

for (const format of [text, openMetrics, protobuf]) {
  test(`an invalid point leaves nothing behind in ${format.contentType}`, () => {
    // As a collector in JavaScript might return it: each format fails after it has written something.
    const broken = { upperBounds: [1], bucketCounts: [1, 1], count: 2, sum: undefined, exemplars: [{ labels: null }] };
    const sound: HistogramValue = { upperBounds: [1], bucketCounts: [1, 1], count: 2, sum: 1 };
    const points = [{ value: sound }, { labels: { n: '1' }, value: broken as unknown as HistogramValue }];
    const empty = { name: 'a', help: '', type: 'histogram' } as const;
    const { output, problems } = encode([{ ...empty, points }, gauge('b')], format);
    assert.equal(problems.length, 1);
    assert.equal(output, encode([{ ...empty, points: points.slice(0, 1) }, gauge('b')], format).output);
  });
}

const unsound: readonly [what: string, family: MetricFamily, problem: RegExp][] = [
  ['bounds out of order', histogram([2, 1], [1, 1, 1], 3), /finite and increasing/],
  ['a bound twice', histogram([1, 1], [1, 1, 1], 3), /finite and increasing/],
  ['an infinite bound', histogram([1, Number.POSITIVE_INFINITY], [1, 1, 1], 3), /finite and increasing/],
  ['too few counts', histogram([1, 2], [1, 1], 2), /must have 3 bucket counts, got 2/],
  ['a negative count', histogram([1], [3, -1], 2), /at least 0, got -1/],
  ['more in buckets than observed', histogram([1], [3, 1], 2), /at most its 2 observations, got 4/],
  [
    'a quantile twice',
    family('summary', { count: 1, sum: 1, quantiles: [1, 1].map((quantile) => ({ quantile, value: 1 })) }),
    /quantiles of a summary must be different, got 1 twice/,
  ],
  ['a state twice', family('stateset', { states: ['x', 'x'], enabled: [true, false] }), /different, got "x" twice/],
];

for (const [what, made, problem] of unsound) {
  test(`a point with ${what} is left out`, () => {
    const { output, problems } = encode([made]);
    assert.equal(output.split('\n').length, 2);
    assert.match(problems.join(), problem);
  });
}

test('each family is reported once, however many of its points are left out', () => {
  const points = [1, 2, 3].map((n) => ({ labels: { n: String(n) }, value: -n }));
  const { problems } = encode([{ name: 'a_total', help: '', type: 'counter', points }], openMetrics);
  assert.deepEqual(problems, [
    'a_total is not shown, or not all of it: An OpenMetrics counter must be at least 0, got -1.',
  ]);
});

test('a writer can be emptied between families and points in every format', () => {
  const families = ['a', 'b', 'c'].map((name) => gauge(name, { l: 'x'.repeat(100) }));
  for (const format of [text, openMetrics, protobuf]) {
    for (const pieceBytes of [1, 100, Number.POSITIVE_INFINITY]) {
      const writer = new ByteWriter({ capacity: 16, pieceBytes });
      const encoder = expositionEncoder(format, writer);
      const taken: Buffer[] = [];
      for (const family of families) {
        encodeFamily(family, encoder);
        taken.push(writer.take());
      }
      encoder.end();
      assert.deepEqual(Buffer.concat([...taken, takeAll(writer)]), encodeGathering(gatheringOf(families), format));
    }
  }
});

test('a point with several metrics that fails leaves nothing behind, even if it is written in pieces', () => {
  const states = ['on', 'off'];
  const whole = { value: { states, enabled: [true, false] } };
  const enabled = {
    0: true,
    get 1(): boolean {
      throw new Error('Not now.');
    },
  };
  const encoded = (points: readonly object[], pieceBytes: number): Buffer => {
    const writer = new ByteWriter({ pieceBytes });
    const encoder = expositionEncoder(protobuf, writer);
    // As a collector in JavaScript might return it.
    encodeFamily({ name: 'a', help: '', type: 'stateset', points } as unknown as MetricFamily, encoder);
    encoder.end();
    return takeAll(writer);
  };
  const expected = encoded([whole], Number.POSITIVE_INFINITY);
  for (const pieceBytes of [1, Number.POSITIVE_INFINITY]) {
    assert.deepEqual(encoded([whole, { value: { states, enabled } }], pieceBytes), expected);
  }
});

test('protobuf supports long labels, even in families with many pieces', () => {
  const values = Array.from({ length: 2000 }, (_, index) => `${index}`.repeat(100));
  const points = values.map((value) => ({ labels: { ['l'.repeat(200)]: value }, value: 1 }));
  const [family] = decodeFamilies(encode([{ name: 'a', help: '', type: 'gauge', points }], protobuf).bytes);
  // The schema has these fields.
  const metrics = (family?.['metric'] ?? []) as readonly { readonly label: readonly unknown[] }[];
  assert.deepEqual(
    metrics.map(({ label }) => label),
    values.map((value) => [{ name: 'l'.repeat(200), value }]),
  );
});

test('protobuf has no message for a family without points', () => {
  const families = [{ name: 'a', help: 'A.', type: 'gauge', points: [] } satisfies MetricFamily, gauge('b')];
  const decoded = decodeFamilies(encodeGathering(gatheringOf(families), protobuf));
  assert.deepEqual(
    decoded.map(({ name }) => name),
    ['b'],
  );
});

test('carriage returns and NUL in label values are data', () => {
  assert.equal(encode([gauge('a', { l: '\r\n\0' })]).output, '# TYPE a gauge\na{l="\r\\n\0"} 1\n');
});

test('the labels of a series have the right names when several formats are encoded in turn', async () => {
  const gauge = new Gauge({ name: 'a', help: '', labelNames: ['b.c', 'b'], registry: null });
  gauge.set({ 'b.c': '"', b: 'x' }, 1);
  const exposition = { encode: (encoder: Encoder) => encodeDirect(gauge, encoder) };
  for (let round = 0; round < 2; round++) {
    const escaped = encodeGathering(exposition, text, { escaping: 'underscores' }).toString();
    assert.match(escaped, /^a\{b_c="\\"",b="x"\} 1$/m);
    const plain = encodeGathering(exposition, openMetrics, { escaping: 'allow-utf-8' }).toString();
    assert.match(plain, /^a\{"b\.c"="\\"",b="x"\} 1$/m);
    const [family] = decodeFamilies(encodeGathering(exposition, protobuf, { escaping: 'allow-utf-8' }));
    const labels = [
      { name: 'b.c', value: '"' },
      { name: 'b', value: 'x' },
    ];
    assert.deepEqual(family, { name: 'a', type: 'GAUGE', metric: [{ label: labels, gauge: { value: 1 } }] });
  }
});

test('an encoder does not keep its output after its end', async () => {
  for (const format of [text, protobuf]) {
    let bytes: Buffer | undefined = encodeGathering(gatheringOf([gauge('a')]), format);
    const held = new WeakRef(bytes.buffer);
    bytes = undefined;
    await new Promise((resolve) => setImmediate(resolve)); // As below.
    collectGarbage();
    assert.equal(held.deref(), undefined);
  }
});

test('an encoder does not keep references to its caller after its end', async () => {
  let onProblem: (() => void) | undefined = () => {};
  const held = new WeakRef(onProblem);
  encodeGathering(gatheringOf([gauge('a')]), text, { onProblem });
  onProblem = undefined;
  await new Promise((resolve) => setImmediate(resolve)); // The target of a WeakRef stays alive until the end of the turn.
  collectGarbage();
  assert.equal(held.deref(), undefined);
});

test('a short exposition keeps no memory of a long one before it', () => {
  const points = Array.from({ length: 20_000 }, (_, index) => ({ labels: { a: `${index}` }, value: index }));
  const long = encode([{ name: 'a', help: '', type: 'gauge', points }]).bytes;
  const short = encode([gauge('a')]).bytes;
  assert.ok(long.length > 200_000);
  assert.ok(short.buffer.byteLength < 20_000, `${short.buffer.byteLength} bytes`);
});
