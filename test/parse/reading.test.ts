import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Chunk,
  type LineHandler,
  ParseError,
  type ParseOptions,
  parse,
  parseOpenMetrics,
  parseProtobuf,
  parseText,
  readText,
} from '../../src/parse/index.ts';
import { plain } from './plain.ts';
import { delimited, double, field, integer } from './protobuf/wire.ts';

const TEXT =
  '# HELP größe Ä "help".\n# TYPE h histogram\nh_bucket{a="ß\\n",le="1"} 1\nh_bucket{a="ß\\n",le="+Inf"} 2 77\n' +
  '{"größe.😀","a\\"b"="x\ny"} 1\nm{a="1" b="2"} 3.25\n\n# end';
const OPEN_METRICS = '# TYPE c counter\nc_total{a="ü😀"} 1 # {b="ß"} 2 3\nc_created{a="ü😀"} 9\n# EOF';
const PROTOBUF = delimited(
  [...field(1, 'größe'), ...integer(3, 1), ...field(4, field(2, double(1, 1)))],
  [...field(1, 'b'), ...field(2, 'x'.repeat(300)), ...integer(3, 1), ...field(4, field(2, double(1, 2)))],
);

const cuts = fc.array(fc.nat(400), { maxLength: 12 });

test('a document in chunks is parsed like the whole', async () => {
  const options = { mode: 'prometheus' } as const;
  const text = plain(parseText(TEXT.slice(TEXT.indexOf('# TYPE')), options));
  const openMetrics = plain(parseOpenMetrics(OPEN_METRICS));
  const protobuf = plain(parseProtobuf(PROTOBUF));
  await fc.assert(
    fc.asyncProperty(cuts, fc.boolean(), async (at, isText) => {
      const pieces = (document: string) =>
        isText ? stringChunks(document, at) : byteChunks(Buffer.from(document), at);
      const whole = TEXT.slice(TEXT.indexOf('# TYPE'));
      assert.deepEqual(plain(await parseText(pieces(whole), options)), text);
      assert.deepEqual(plain(await parseOpenMetrics(pieces(OPEN_METRICS))), openMetrics);
      assert.deepEqual(plain(await parseProtobuf(byteChunks(PROTOBUF, at))), protobuf);
    }),
    { numRuns: 200 },
  );
});

test('errors are the same for chunks and for the whole document', async () => {
  const document = `${TEXT}\nm{a="b"\nm x\n{"a\nb} 1`;
  const whole = errorsOf((onError) => parseText(document, { onError }));
  assert.equal(whole.length > 3, true);
  await fc.assert(
    fc.asyncProperty(cuts, async (at) => {
      const errors: string[] = [];
      await parseText(byteChunks(Buffer.from(document), at), { onError: ({ message }) => errors.push(message) });
      assert.deepEqual(errors, whole);
    }),
    { numRuns: 100 },
  );
});

test('a document that is cut anywhere is parsed like the whole, errors included', async () => {
  const lines = '# HELP a Ä\\n😀\r\na{b="ß",c="\\\\"} 1\r\na{b="x\ny"} 2\n\r\n# TYPE ü x\n{"ü.😀"} 3 4\n';
  const openMetrics = `${OPEN_METRICS}\n`;
  const second = '# TYPE h histogram\nh{a="ü"} {count:3,sum:1,bucket:[1:1,+Inf:3]} 5 st@1 # {b="ß"} 1 2\n# EOF\n';
  const spoiled = Buffer.from(PROTOBUF);
  spoiled[3] = 0xff;
  type Parse = (input: Chunk | AsyncIterable<Chunk>, options: ParseOptions) => unknown;
  const documents: readonly (readonly [Parse, Uint8Array])[] = [
    [parseText, Buffer.from(lines)],
    [parseText, Buffer.from(`${TEXT}\nm x`)],
    [parseOpenMetrics, Buffer.from(openMetrics)],
    [parseOpenMetrics, Buffer.from(openMetrics.replaceAll('\n', '\r\n'))],
    [(input, options) => parseOpenMetrics(input, { ...options, version: '2.0.0' }), Buffer.from(second)],
    [parseProtobuf as Parse, PROTOBUF],
    [parseProtobuf as Parse, spoiled],
  ];
  for (const [index, [read, document]] of documents.entries()) {
    for (const mode of ['strict', 'prometheus'] as const) {
      const result = async (input: Chunk | AsyncIterable<Chunk>) => {
        const errors: string[] = [];
        const families = await read(input, { mode, onError: ({ message }) => errors.push(message) });
        return plain({ families, errors });
      };
      const whole = await result(document);
      for (let at = 0; at <= document.length; at++) {
        assert.deepEqual(await result(byteChunks(document, [at])), whole, `document ${index}, ${mode}, cut at ${at}`);
      }
    }
  }
});

test('an error contains the position, the text and the expected token', () => {
  const error = errorOf('a 1\nb{ü="1"} 2\n');
  assert.equal(error.message, 'Line 2, column 3: expected a label name, found "ü=\\"1\\"} 2".');
  assert.deepEqual([error.line, error.column, error.text, error.expected], [2, 3, 'ü="1"} 2', 'a label name']);
  assert.equal(errorOf(`m{ä="1"} ${'x'.repeat(1e6)}\n`).text.length <= 80, true);
  assert.equal(errorOf('# HELP m \ud800\n').message.isWellFormed(), true);
});

test('parsing continues after each error', () => {
  const lines: number[] = [];
  const families = parseText('a 1\nb\nc{\nd 1\n# TYPE d x\ne 1', { onError: ({ line }) => lines.push(line) });
  assert.deepEqual(lines, [2, 3, 5, 6]);
  assert.deepEqual(
    families.map(({ name }) => name),
    ['a', 'd', 'e'],
  );
});

test('a missing part is reported without losing the current line', () => {
  const errors: string[] = [];
  const families = parseOpenMetrics('# TYPE h histogram\nh_bucket{le="1"} 1\n# TYPE g gauge\ng 1\n# EOF\n', {
    onError: ({ message }) => errors.push(message),
  });
  assert.deepEqual(errors, ['Line 2, column 1: expected a bucket with le="+Inf", found "h".']);
  assert.deepEqual(
    families.map(({ name, points }) => [name, [...points].length]),
    [
      ['h', 1],
      ['g', 1],
    ],
  );
});

test('lines are passed on as they are parsed', () => {
  const seen: string[] = [];
  const handler: LineHandler = {
    metadata: (line) => seen.push(`${line.line} ${line.keyword} ${line.name}`),
    sample: (line) => seen.push(`${line.line} ${line.name} ${line.labelNames} ${line.labelValues} ${line.value}`),
    end: () => seen.push('end'),
  };
  readText('# TYPE h histogram\nh_bucket{a="b",le="1"} 2\nh_sum 3\n', handler);
  assert.deepEqual(seen, ['1 TYPE h', '2 h_bucket a,le b,1 2', '3 h_sum   3', 'end']);
});

test('the content type determines the format', () => {
  const one = (document: Chunk, type: string) => parse(document, type)[0]?.name;
  assert.equal(one('a 1\n', 'text/plain; version=0.0.4; charset=utf-8'), 'a');
  assert.equal(one('a 1\n', 'TEXT/PLAIN;'), 'a');
  assert.equal(one('# TYPE a counter\n# EOF\n', 'application/openmetrics-text; version=1.0.0'), 'a_total');
  assert.equal(one('# TYPE a counter\n# EOF\n', 'application/openmetrics-text; version=2.0.0'), 'a');
  assert.equal(one(PROTOBUF, 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily'), 'größe');
  for (const type of ['', 'text/html', 'text/plain; charset', 'text/plain version=0.0.4', 'text/plain, text/html']) {
    assert.throws(() => parse('a 1\n', type), RangeError, type);
  }
});

test('limits are enforced', () => {
  const long = 'x'.repeat(100);
  assert.throws(() => parseText('a 1\n', { maxSize: 3 }), /expected a document of at most 3 bytes/);
  assert.throws(() => parseText(`# ${long}\n`, { maxLineLength: 50 }), /expected a line of at most 50 bytes/);
  assert.throws(() => parseText(`${long} 1\n`, { maxNameLength: 50 }), /expected a name of at most 50 bytes/);
  assert.throws(() => parseText(`{"${long}"} 1\n`, { maxNameLength: 50 }), /expected a name of at most 50 bytes/);
  assert.throws(() => parseText('m{a="1",b="2"} 1\n', { maxLabels: 1 }), /expected at most 1 labels/);
});

test('a line that is too long is left out, in one chunk or several', async () => {
  const document = `a 1\n# ${'x'.repeat(300)}\nb 2\n`;
  for (const cut of [1, 7, 100, 1000]) {
    const errors: number[] = [];
    const chunks = byteChunks(
      Buffer.from(document),
      Array.from({ length: 400 / cut }, (_, index) => (index + 1) * cut),
    );
    const families = await parseText(chunks, { maxLineLength: 64, onError: ({ line }) => errors.push(line) });
    assert.deepEqual(
      families.map(({ name }) => name),
      ['a', 'b'],
      `chunks of ${cut}`,
    );
    assert.deepEqual(errors, [2], `chunks of ${cut}`);
  }
});

test('chunks may be strings or bytes, and anything else is refused', async () => {
  const mixed = (async function* () {
    yield 'a{b="\ud83d';
    yield '\ude00"} ';
    yield Buffer.from('1\n');
  })();
  const [family] = await parseText(mixed);
  assert.deepEqual(plain(family?.points), [{ labels: { b: '😀' }, value: 1 }]);
  assert.throws(() => parseText(7 as unknown as string), TypeError); // JavaScript callers can pass a number.
  assert.throws(() => parseProtobuf('a' as unknown as Uint8Array), TypeError);
  assert.throws(() => parseText('', { mode: 'lax' as 'strict' }), RangeError);
});

async function* byteChunks(bytes: Uint8Array, at: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const end of [...at, bytes.length].sort((one, other) => one - other)) {
    const chunk = Buffer.from(bytes.subarray(start, Math.min(end, bytes.length)));
    yield chunk;
    chunk.fill(0x78); // A stream may reuse its buffer.
    start = Math.min(end, bytes.length);
  }
}

async function* stringChunks(document: string, at: readonly number[]): AsyncGenerator<string> {
  let start = 0;
  for (const end of [...at, document.length].sort((one, other) => one - other)) {
    yield document.slice(start, end);
    start = Math.max(start, end);
  }
}

function errorsOf(read: (onError: (error: ParseError) => void) => unknown): string[] {
  const errors: string[] = [];
  read(({ message }) => errors.push(message));
  return errors;
}

function errorOf(document: string): ParseError {
  try {
    parseText(document);
  } catch (error) {
    if (error instanceof ParseError) return error;
  }
  throw new Error('There was no ParseError.');
}

test('parse() without a Content-Type names the functions that need none', () => {
  assert.throws(() => Reflect.apply(parse, undefined, [TEXT]), {
    name: 'TypeError',
    message:
      'contentType must be a string, got undefined: call parseText(), parseOpenMetrics() or parseProtobuf() without one.',
  });
});
