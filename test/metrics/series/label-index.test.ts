import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counter } from '../../../src/index.ts';
import { families, quietRegistry } from '../exposed-samples.ts';

/** Strings that break joined keys, objects and escapes; whole characters and lone surrogates. */
const value = fc.oneof(
  fc.constantFrom('', '|', ',', '"', '\\', '\n', '\0', '=', '{', '}', '__proto__', 'constructor', 'hasOwnProperty'),
  fc.constantFrom('a|', '|a', 'a,b', 'a"', '\\"', '\u0000a', '\ud800', '\udc00', '\ud83d\ude00', '\ufffd', '1', 'true'),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.nat(3),
  fc.boolean(),
);

/** The exposed text of a value: all lone surrogates are the same. */
function textOf(input: string | number | boolean): string {
  return String(input).toWellFormed();
}

for (const width of [1, 2, 3, 4, 5]) {
  const labelNames = ['a', 'b', 'c', 'd', 'e'].slice(0, width);
  const labelSets = fc.array(fc.array(value, { minLength: width, maxLength: width }), { maxLength: 60 });

  test(`with ${width} label(s), two label sets are one series if and only if all values are equal as strings`, async () => {
    await fc.assert(
      fc.asyncProperty(labelSets, async (sets) => {
        const registry = quietRegistry();
        const counter = new Counter({ name: 'c_total', help: '', labelNames, registry });
        const expected = new Map<string, number>();
        for (const [index, set] of sets.entries()) {
          const key = JSON.stringify(set.map(textOf));
          expected.set(key, (expected.get(key) ?? 0) + 1);
          // Alternates between labels by name and by position: both must find the same child.
          if (index % 2 === 0) counter.inc(Object.fromEntries(set.map((one, at) => [labelNames[at], one])));
          else counter.labels(set[0] ?? '', ...set.slice(1)).inc();
        }
        const points = (await families(registry))[0]?.points ?? [];
        const shown = points.map(({ labels = {}, value: count }) => [
          JSON.stringify(labelNames.map((name) => labels[name])),
          count,
        ]);
        assert.deepEqual(shown, [...expected]);
      }),
    );
  });
}

test('children are found by labels of any type', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      const counter = new Counter({ name: 'c_total', help: '', labelNames: ['a', 'b'], registry: null });
      const child = counter.labels({ a, b });
      assert.equal(counter.labels(a, b), child);
      assert.equal(counter.labels(textOf(a), textOf(b)), child);
      assert.equal(counter.remove({ b: textOf(b), a: textOf(a) }), true);
      assert.notEqual(counter.labels(a, b), child);
    }),
  );
});

test('many labels find their series in any order', () => {
  const counter = new Counter({ name: 'c_total', help: 'C.', labelNames: ['a', 'b', 'c', 'd'], registry: null });
  counter.inc({ a: '1', b: '2', c: '3', d: '4' });
  counter.inc({ d: '4', c: '3', b: '2', a: '1' });
  counter.inc({ a: '1', c: '3', b: '2', d: '4' });
  assert.deepEqual(
    counter.children().map(({ labels }) => labels),
    [{ a: '1', b: '2', c: '3', d: '4' }],
  );
});

test('a missing label is named in the error, whether or not the others match a series', () => {
  const counter = new Counter({ name: 'c_total', help: 'C.', labelNames: ['a', 'b', 'c', 'd'], registry: null });
  counter.inc({ a: '1', b: '2', c: '3', d: '4' });
  const missing = { a: '1', b: '2', c: '3' };
  // @ts-expect-error The type asks for all of them.
  assert.throws(() => counter.inc(missing), new TypeError('c_total: label d is missing.'));
});
