import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseNumber, parseText } from '../../../src/parse/index.ts';

const NUMBERS: readonly (readonly [text: string, value: number])[] = [
  ['0', 0],
  ['-0', -0],
  ['+1', 1],
  ['007', 7],
  ['.5', 0.5],
  ['5.', 5],
  ['1E5', 1e5],
  ['1e+05', 1e5],
  ['1.5e-3', 0.0015],
  ['0.0056473753420378525', 0.0056473753420378525],
  ['123456789012345', 123456789012345],
  ['12345678901234567890', 1.2345678901234567e19],
  ['179769313486231580793728971405301e276', Number.MAX_VALUE],
  ['5e-324', 5e-324],
  ['1e-400', 0],
  ['inf', Number.POSITIVE_INFINITY],
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-INFINITY', Number.NEGATIVE_INFINITY],
  ['nAn', Number.NaN],
];

const NO_NUMBERS = [
  '.', '+', '-', 'e1', '1e', '1e+', '0x1F', '0x1p4', '0b1', '0o1', '1_000', '1,5', '+NaN', '-nan', 'nan(1)', 'Inf1',
  'infinit', '1.0.0', '--1', '1e1.0', '1e309', '-1e309', '٣', '1n',
]; // biome-ignore format: a table

test('numbers have the syntax of Go, without hexadecimal digits and underscores', () => {
  for (const [text, value] of NUMBERS) assert.equal(parseNumber(text), value, text);
});

test('anything else is not a number', () => {
  for (const text of [...NO_NUMBERS, '', ' 1', '1 ', '1\n']) assert.equal(parseNumber(text), undefined, text);
});

test('sample lines have the same numbers', () => {
  for (const [text, value] of NUMBERS) {
    assert.equal(readValue(text), value, text);
    if (/^[0-9.]/.test(text)) assert.equal(readValue(`-${text}`), -value, `-${text}`);
  }
  for (const text of NO_NUMBERS) assert.throws(() => readValue(text), { name: 'ParseError' }, text);
});

test('a decimal in a sample line becomes the nearest double', () => {
  const digits = fc.stringMatching(/^[0-9]{0,12}$/);
  const decimal = fc
    .tuple(
      fc.constantFrom('', '-', '+'),
      digits,
      fc.constantFrom('.', ''),
      digits,
      fc.constantFrom('', 'e5', 'E-07', 'e+22', 'e-30'),
    )
    .map((parts) => parts.join(''));
  const halfway = fc.tuple(fc.nat(2 ** 20), fc.integer({ min: 1, max: 9 }), fc.nat(9)).map(([high, low, last]) => {
    return `${2 ** 52 + high}.${low}${last}`; // Between two doubles, or close to it.
  });
  const short = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
  fc.assert(
    fc.property(fc.oneof(decimal, halfway, short), (text) => {
      const value = parseNumber(text);
      if (value === undefined) assert.throws(() => readValue(text), { name: 'ParseError' });
      else assert.equal(readValue(text), value);
    }),
    { numRuns: 5000 },
  );
});

function readValue(text: string): unknown {
  const [family] = parseText(`up ${text}\n`);
  return [...(family?.points ?? [])][0]?.value;
}
