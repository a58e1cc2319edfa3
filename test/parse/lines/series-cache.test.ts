import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type LineHandler,
  type ParseError,
  type ParseOptions,
  readOpenMetrics,
  readText,
  type SampleLine,
} from '../../../src/parse/index.ts';

/** Returns the result of each line, errors included. */
type Read = (document: string | Uint8Array, handler: LineHandler, options: ParseOptions) => void;

const READERS: readonly (readonly [name: string, read: Read, end: string])[] = [
  ['text', (document, handler, options) => readText(document, handler, { ...options, mode: 'strict' }), ''],
  ['text, as a server', (document, handler, options) => readText(document, handler, { ...options, mode: 'prometheus' }), ''],
  [
    'OpenMetrics, as a server',
    (document, handler, options) => readOpenMetrics(document, handler, { ...options, mode: 'prometheus' }),
    '# EOF\n',
  ],
]; // biome-ignore format: a table

const name = fc.constantFrom('a', 'a_b', 'requests_total', 'http_request_duration_seconds_bucket', 'b');
const label = fc.constantFrom('a', 'le', 'method', 'x"y');
const value = fc.oneof(
  fc.constantFrom('', '1', 'GET', 'GETS', 'POST', '0.005', '+Inf', '/api/v1/items', '/api/v1/items/', '/api/v2/items'),
  fc.constantFrom('ü', 'ü\\n', '\\\\', '\\"', '\\x', 'a\nb', '\t', '\xff', '😀'),
  fc.string({ maxLength: 12 }),
);
const number = fc.oneof(
  fc.constantFrom('1', '1.5', '-0', 'NaN', '+Inf', '1e5', '1e', '', 'x', '0x1', '12345678901234567', '1 1', '1 1x'),
  fc.double().map(String),
);
/** A line that is valid in most cases, and sometimes corrupted. */
const line = fc
  .record({
    name,
    labels: fc.array(fc.tuple(label, value), { maxLength: 3 }),
    number,
    open: fc.constantFrom('{', '{', '{', ' {', '{ ', '{"n"'),
    comma: fc.constantFrom(',', ',', ',', ' , ', ' ', ''),
    close: fc.constantFrom('} ', '} ', '} ', ' } ', '}', ',} ', '}x'),
  })
  .map(({ name, labels, number, open, comma, close }) => {
    const pairs = labels.map(([each, text]) => `${each}="${text}"`).join(comma);
    return labels.length === 0 ? `${name} ${number}` : `${name}${open}${pairs}${close}${number}`;
  });
/** Recurring lines with changing values and in changing order. */
const documents = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 4 }), fc.array(fc.tuple(fc.nat(), number), { maxLength: 24 }))
  .map(([lines, order]) => [
    ...lines,
    ...order.map(([index, other]) => lines[index % lines.length]!.replace(/[^ ]*$/, other)),
  ]);

for (const [what, read, end] of READERS) {
  test(`${what}: a line among similar lines is parsed as it is alone`, () => {
    fc.assert(
      fc.property(documents, (lines) => {
        const alone = lines.flatMap((each, index) => outcomes(read, `${each}\n${end}`, index));
        // A line feed in quotes, or a quote that is not closed, joins lines, so they cannot be parsed one by one.
        fc.pre(!lines.some((each) => each.includes('\n')) && !alone.some((one) => one.expected === 'a closing quote'));
        assert.deepEqual(outcomes(read, `${lines.join('\n')}\n${end}`, 0), alone);
      }),
      { numRuns: 1000 },
    );
  });
}

test('a corrupted line among valid ones is parsed as it is alone', () => {
  const sound = 'requests_total{method="GET",path="/api/v1/items",code="200"} 1027';
  const [, read] = READERS[0]!;
  fc.assert(
    fc.property(fc.nat(sound.length), fc.nat(4), fc.integer({ min: 0, max: 255 }), (at, length, byte) => {
      fc.pre(byte !== 0x0a);
      const bytes = Buffer.from(sound);
      const spoiled = Buffer.concat([
        bytes.subarray(0, at),
        Buffer.of(byte),
        bytes.subarray(at + length),
        Buffer.of(10),
      ]);
      const whole = Buffer.concat([Buffer.from(`${sound}\n`.repeat(3)), spoiled, Buffer.from(`${sound}\n`)]);
      const expected = [0, 1, 2].flatMap((line) => outcomes(read, `${sound}\n`, line));
      expected.push(...outcomes(read, spoiled, 3), ...outcomes(read, `${sound}\n`, 4));
      assert.deepEqual(outcomes(read, whole, 0), expected);
    }),
    { numRuns: 2000 },
  );
});

test('more values than the cache can hold are parsed as they are', () => {
  const values = Array.from({ length: 30_000 }, (_, index) => [`/path/${index % 9000}/of/some/length`, String(index)]);
  const seen: (readonly string[])[] = [];
  const handler = { metadata() {}, sample: (line: SampleLine) => seen.push([...line.labelValues]), end() {} };
  readText(values.map(([path, code]) => `a{path="${path}",code="${code}"} 1\nb 1\n`).join(''), handler);
  assert.deepEqual(seen, values.flatMap((each) => [each, []])); // biome-ignore format: one line
});

interface Outcome {
  readonly line: number;
  /** Messages of the errors. */
  readonly expected?: string;
  readonly [more: string]: unknown;
}

/** Samples and errors in the order of their lines, counted from `offset`. */
function outcomes(read: Read, document: string | Uint8Array, offset: number): Outcome[] {
  const outcomes: Outcome[] = [];
  const sample = (one: SampleLine) => outcomes.push({ ...plainSample(one), line: one.line + offset });
  const onError = ({ line, column, expected, text }: ParseError) =>
    outcomes.push({ line: line + offset, column, expected, text });
  read(document, { metadata() {}, sample, end() {} }, { onError });
  return outcomes;
}

/** A copy, because the reader reuses the sample. */
function plainSample({ labelNames, labelValues, exemplars, ...sample }: SampleLine): object {
  return { ...sample, labelNames: [...labelNames], labelValues: [...labelValues], exemplars: [...exemplars] };
}
