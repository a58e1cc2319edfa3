import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeName, unescapeName } from '../../../src/exposition/encoding/escaping.ts';
import { isLegacyLabelName, isLegacyMetricName } from '../../../src/model/naming.ts';

const names = fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.stringMatching(/^[_a-f0-9.:U]{1,20}$/));

test('all schemes except allow-utf-8 result in names that every server reads', () => {
  fc.assert(
    fc.property(
      names,
      fc.constantFrom('underscores' as const, 'dots' as const, 'values' as const),
      (name, escaping) => {
        assert.ok(isLegacyMetricName(escapeName(name, escaping)));
        assert.ok(isLegacyLabelName(escapeName(name, escaping, 'label')));
      },
    ),
  );
});

test('the scheme values is reversible, except for names that look escaped', () => {
  fc.assert(
    fc.property(names, (name) => {
      fc.pre(!name.startsWith('U__'));
      assert.equal(unescapeName(escapeName(name, 'values'), 'values'), name);
    }),
  );
});

test('the scheme dots is reversible if dots and underscores are not adjacent', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-c]{1,3}(?:[._][a-c]{1,3}){0,4}$/), (name) => {
      assert.equal(unescapeName(escapeName(name, 'dots'), 'dots'), name);
    }),
  );
});

test('a character beyond U+FFFF is one character', () => {
  assert.equal(escapeName('a😱', 'underscores'), 'a_');
  assert.equal(escapeName('a😱', 'dots'), 'a__');
  assert.equal(escapeName('a😱', 'values'), 'U__a_1f631_');
});

test('a lone surrogate is written as the replacement character', () => {
  assert.equal(escapeName('a\ud83d', 'values'), 'U__a_fffd_');
});

test('a leading digit is escaped, not prefixed', () => {
  assert.equal(escapeName('9a', 'underscores'), '_a');
  assert.equal(escapeName('9a', 'values'), 'U___39_a');
});

for (const [what, name, escaped] of [
  ['letters', 'a', 'a'],
  ['underscores', '__', '_'],
  ['code points', '_e9_', 'é'],
] as const) {
  test(`a long name of ${what} is escaped and unescaped`, () => {
    const count = what === 'letters' ? 20_000_000 : 200_000;
    const long = `.${escaped.repeat(count)}`;
    assert.ok(escapeName(long, 'values') === `U___2e_${name.repeat(count)}`);
    assert.ok(unescapeName(`U___2e_${name.repeat(count)}`, 'values') === long);
    assert.equal(escapeName(long, 'underscores').length, long.length);
  });
}

test('colons are allowed in metric names only', () => {
  assert.equal(escapeName('a:b', 'underscores'), 'a:b');
  assert.equal(escapeName('a:b', 'underscores', 'label'), 'a_b');
  assert.equal(escapeName('a:b', 'values', 'label'), 'U__a_3a_b');
});

for (const name of [
  'U__a_2e',
  'U__a_110000_',
  'U__a_d800_',
  'U__a_1234567_',
  'U__a_xyz_',
  'U__a_',
  'U__a_41',
  'U__a_41_b_',
  'U__a_0000041_',
  'a_2e_b',
]) {
  test(`${name} is not a result of the scheme values, and is not unescaped`, () => {
    assert.equal(unescapeName(name, 'values'), name);
  });
}

test('the highest character has six digits', () => {
  assert.equal(unescapeName('U__a_10FFFF_', 'values'), 'a\u{10ffff}');
});
