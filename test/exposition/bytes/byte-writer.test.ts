import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../../src/exposition/bytes/byte-writer.ts';
import { FragmentPool } from '../../../src/exposition/bytes/fragment.ts';

function written(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter({ capacity: 1 });
  write(writer);
  return writer.take().toString();
}

test('numbers are written with the fewest digits that parse to the same value', () => {
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.tuple(fc.integer(), fc.integer({ min: 0, max: 7 })).map(([digits, places]) => digits / 10 ** places),
  );
  fc.assert(
    fc.property(numbers, (value) => {
      const text = written((writer) => writer.number(value));
      assert.equal(Number(text), value + 0);
      const digits = (number: string) =>
        number
          .replace(/e.*/, '')
          .replace(/\D/g, '')
          .replace(/^0+|0+$/g, '');
      assert.equal(digits(text), digits(String(value)));
    }),
    { numRuns: 2000 },
  );
});

test('whole numbers are plain up to 2 ** 53', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      assert.equal(
        written((writer) => writer.number(value)),
        String(value),
      );
    }),
  );
});

test('counts are plain beyond 2 ** 53', () => {
  assert.equal(
    written((writer) => writer.count(2 ** 64)),
    '18446744073709551616',
  );
});

test('a number at the end of a line is written as elsewhere, with or without room in the buffer', () => {
  const numbers = fc.oneof(fc.integer(), fc.nat(), fc.double(), fc.constantFrom(0, -0, 9999, 10_000, 99_999_999, 1e8));
  fc.assert(
    fc.property(numbers, fc.nat({ max: 40 }), (value, before) => {
      for (const [line, plain] of [['numberLine', 'number'] as const, ['countLine', 'count'] as const]) {
        const expected = written((writer) => writer[plain](value));
        const text = written((writer) => {
          writer.text('x'.repeat(before));
          writer[line](value);
          writer[line](value);
        });
        assert.equal(text, `${'x'.repeat(before)}${expected}\n${expected}\n`);
      }
    }),
  );
});

test('numbers with up to ten digits are written completely', () => {
  for (let power = 0; power < 10; power++) {
    for (const value of [10 ** power - 1, 10 ** power, 2 * 10 ** power + 7].filter((one) => one < 2 ** 31)) {
      assert.equal(
        written((writer) => writer.number(value)),
        String(value),
      );
    }
  }
});

test('groups of seven bits read back, however large the number', () => {
  const numbers = fc.oneof(
    fc.maxSafeInteger().map(Math.abs),
    fc.constantFrom(0, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 53),
  );
  fc.assert(
    fc.property(numbers, (value) => {
      const writer = new ByteWriter({ capacity: 1 });
      writer.varint(value);
      const read = [...writer.take()].reduce(
        (sum, byte, index) => sum + BigInt(byte & 0x7f) * 128n ** BigInt(index),
        0n,
      );
      assert.equal(read, BigInt(value));
    }),
  );
});

test('times have decimals and no exponents', () => {
  assert.equal(
    written((writer) => writer.seconds(1520879607.789)),
    '1520879607.789',
  );
  assert.equal(
    written((writer) => writer.seconds(1e-9)),
    '0.000000001',
  );
  assert.equal(
    written((writer) => writer.seconds(0)),
    '0',
  );
});

test('a value that is not a number is rejected', () => {
  const writer = new ByteWriter();
  // As a collector in JavaScript might return it.
  assert.throws(
    () => writer.number(undefined as unknown as number),
    new TypeError('A value must be a number, got undefined.'),
  );
});

test('fragments of any length and with any character are copied completely', () => {
  const texts = fc.array(
    fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom('\u007f😀', 'é', '')),
    {
      maxLength: 50,
    },
  );
  fc.assert(
    fc.property(texts, (parts) => {
      const pool = new FragmentPool();
      const fragments = parts.map((part) => pool.of(part));
      assert.equal(
        written((writer) => {
          for (const fragment of fragments) writer.fragment(fragment);
        }),
        parts.join(''),
      );
    }),
  );
});

test('written bytes can be written again', () => {
  assert.equal(
    written((writer) => {
      writer.text('name{a="é"');
      writer.repeat(0, writer.position);
    }),
    'name{a="é"name{a="é"',
  );
});

test('a message of any size is preceded by its length', () => {
  for (const length of [0, 1, 127, 128, 16383, 16384, 3_000_000]) {
    const writer = new ByteWriter({ capacity: 16 });
    writer.text('before');
    const start = writer.open(0x0a);
    writer.text('x'.repeat(length));
    writer.close(start);
    const prefix = new ByteWriter();
    prefix.varint(length);
    assert.deepEqual(writer.take(), Buffer.concat([Buffer.from('before\n'), prefix.take(), Buffer.alloc(length, 'x')]));
  }
});

test('written bytes can be removed', () => {
  const writer = new ByteWriter();
  writer.text('taken');
  writer.take();
  writer.text('kept');
  const { position } = writer;
  writer.text('forgotten');
  writer.rewind(position);
  assert.equal(writer.take().toString(), 'kept');
});

test('taken bytes are never overwritten', () => {
  const writer = new ByteWriter();
  writer.text('first');
  const taken = writer.take();
  writer.text('SECOND');
  assert.equal(taken.toString(), 'first');
});
