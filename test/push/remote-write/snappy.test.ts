import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import snappyjs from 'snappyjs';
import { snappySteps } from '../../../src/push/remote-write/snappy.ts';
import { generator } from '../../random.ts';
import { completed } from './completed.ts';

function compressSnappy(input: Uint8Array): Buffer {
  return completed(snappySteps(input));
}

test('each block of 64 KiB is a step', () => {
  for (const [length, steps] of [
    [0, 0],
    [65_536, 0],
    [65_537, 1],
    [1_000_000, 15],
  ] as const) {
    assert.equal([...snappySteps(new Uint8Array(length))].length, steps);
  }
});

/** Pseudo-random bytes, the same in each run. */
function noise(length: number, values = 256): Uint8Array {
  const random = generator(42);
  return Uint8Array.from({ length }, () => random(values));
}

function repeated(text: string, length: number): Uint8Array {
  return Buffer.from(text.repeat(Math.ceil(length / text.length))).subarray(0, length);
}

function assertRoundTrip(input: Uint8Array): void {
  const output = snappyjs.uncompress(compressSnappy(input));
  assert.ok(Buffer.from(output).equals(input), `${input.length} bytes differ after decompression`);
}

test('an empty input results in one byte, the length', () => {
  assert.deepEqual([...compressSnappy(new Uint8Array())], [0]);
});

test('a copy refers to earlier bytes, and may overlap with itself', () => {
  const compressed = compressSnappy(repeated('ab', 40));
  // The length, two literal bytes, and a copy of 38 bytes with an offset of 2.
  assert.deepEqual([...compressed], [40, 0x04, 0x61, 0x62, (37 << 2) | 2, 2, 0]);
});

for (const length of [
  1, 3, 4, 15, 16, 17, 59, 60, 61, 62, 63, 64, 65, 67, 68, 69, 127, 128, 255, 256, 257, 300, 2048,
]) {
  test(`${length} bytes are decompressed unchanged, compressible or not`, () => {
    for (const period of ['a', 'ab', 'abcde', 'abcdefghijklm']) assertRoundTrip(repeated(period, length));
    assertRoundTrip(noise(length));
    assertRoundTrip(noise(length, 4));
  });
}

for (const length of [65_535, 65_536, 65_537, 131_072, 200_001]) {
  test(`${length} bytes, more than a block, are decompressed unchanged`, () => {
    for (const period of ['a', 'abcdefg']) assertRoundTrip(repeated(period, length));
    assertRoundTrip(noise(length));
    assertRoundTrip(noise(length, 3));
  });
}

test('matches of every length and distance are decompressed unchanged', () => {
  for (const distance of [1, 2, 3, 4, 5, 8, 100, 2047, 2048, 2049, 40_000]) {
    for (let length = 1; length < 140; length += 3) {
      const head = noise(Math.max(distance, length));
      const tail = head.subarray(head.length - distance).subarray(0, length);
      assertRoundTrip(Buffer.concat([head, tail, noise(20, 7)]));
    }
  }
});

test('any bytes are decompressed unchanged', () => {
  const pieces = fc.array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 60 })), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(pieces, (list) => {
      assertRoundTrip(Buffer.concat(list.flatMap(([bytes, times]) => Array.from({ length: times }, () => bytes))));
    }),
    { numRuns: 200 },
  );
});

test('a view into a larger buffer is compressed alone', () => {
  const whole = repeated('series{a="b"} ', 1000);
  assertRoundTrip(whole.subarray(13, 700));
});

test('incompressible bytes become at most a sixth longer', () => {
  for (const length of [1, 100, 65_536, 300_000]) {
    const compressed = compressSnappy(noise(length));
    assert.ok(compressed.length <= 32 + length + length / 6, `${compressed.length} of ${length} bytes`);
  }
});

test('text compresses about as well as with another encoder', () => {
  const lines = Array.from(
    { length: 5000 },
    (_, index) => `http_requests_total{method="GET",path="/${index}"} ${index}\n`,
  );
  const text = Buffer.from(lines.join(''));
  assert.ok(compressSnappy(text).length <= snappyjs.compress(text).length * 1.05);
});
