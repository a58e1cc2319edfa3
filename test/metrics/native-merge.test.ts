import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NativeBuckets } from '../../src/metrics/native-buckets.ts';
import { mergeNative } from '../../src/metrics/native-merge.ts';
import { type NativeOptions, nativeOptionsOf } from '../../src/metrics/native-options.ts';
import type { NativeHistogramValue } from '../../src/model/family.ts';

function observed(options: NativeOptions, values: Iterable<number>): NativeBuckets {
  const buckets = new NativeBuckets(nativeOptionsOf(options, 'h'));
  for (const value of values) buckets.observe(value);
  return buckets;
}

function plain({ schema, zeroThreshold, zeroCount, positive, negative }: NativeHistogramValue): unknown {
  const entries = [positive, negative].map(({ indexes, counts }) =>
    Array.from(indexes, (index, at) => [index, counts[at]]),
  );
  return { schema, zeroThreshold, zeroCount, entries };
}

test('two histograms of one schema are added bucket by bucket', () => {
  const merged = mergeNative(observed({ schema: 0 }, [1, 2, -1, 0]), observed({ schema: 0 }, [2, 4, -1]));
  assert.deepEqual(plain(merged), plain(observed({ schema: 0 }, [1, 2, -1, 0, 2, 4, -1])));
});

test('the coarser schema and the wider zero bucket win', () => {
  const merged = mergeNative(
    observed({ schema: 3 }, [0.1, 1.1, -9]),
    observed({ schema: 1, zeroThreshold: 0.5 }, [0.3, 7]),
  );
  assert.deepEqual(plain(merged), plain(observed({ schema: 1, zeroThreshold: 0.5 }, [0.1, 1.1, -9, 0.3, 7])));
});

test('a zero bucket that would end within a populated bucket grows to the end of that', () => {
  const merged = mergeNative(
    observed({ schema: 0 }, [0.3, 3]),
    observed({ schema: 0, zeroThreshold: 0.4 }, [0.45, 0.1]),
  );
  assert.equal(merged.zeroThreshold, 0.5);
  assert.equal(merged.zeroCount, 3);
  assert.deepEqual(Array.from(merged.positive.indexes), [2]);
});

test('a bucket that begins where the zero bucket ends is left as it is', () => {
  const merged = mergeNative(observed({ schema: 0 }, [0.3, 0.7]), observed({ schema: 0, zeroThreshold: 0.5 }, []));
  assert.equal(merged.zeroThreshold, 0.5);
  assert.deepEqual(Array.from(merged.positive.indexes), [0]);
});

test('what is merged is as if all had been observed at once', () => {
  const values = fc.array(fc.double({ noNaN: true }), { maxLength: 50 });
  const options = fc.record({
    schema: fc.integer({ min: -4, max: 8 }),
    zeroThreshold: fc.constantFrom(0, 2 ** -128, 1, 1024),
  });
  fc.assert(
    fc.property(options, values, options, values, (optionsA, valuesA, optionsB, valuesB) => {
      const merged = mergeNative(observed(optionsA, valuesA), observed(optionsB, valuesB));
      const { schema, zeroThreshold } = merged;
      assert.equal(schema, Math.min(optionsA.schema, optionsB.schema));
      assert.ok(zeroThreshold >= Math.max(optionsA.zeroThreshold, optionsB.zeroThreshold));
      assert.deepEqual(
        plain(merged),
        plain(observed({ schema, zeroThreshold, maxBuckets: 0 }, [...valuesA, ...valuesB])),
      );
    }),
  );
});

test('operands stay as they are', () => {
  const one = observed({ schema: 3 }, [1, 2]);
  const before = structuredClone(plain(one));
  mergeNative(one, observed({ schema: 0, zeroThreshold: 4 }, [8]));
  assert.deepEqual(plain(one), before);
});

test('exemplars of both are kept as those of one histogram would be', () => {
  const [one, other] = [observed({}, []), observed({}, [])];
  for (let value = 1; value <= 8; value++) {
    one.addExemplar({ labels: {}, value, timestamp: value });
    other.addExemplar({ labels: {}, value: 100 * value, timestamp: value });
  }
  const merged = mergeNative(one, other).exemplars ?? [];
  assert.equal(merged.length, 10);
  assert.deepEqual([merged[0]?.value, merged.at(-1)?.value], [1, 800]);
  assert.equal(mergeNative(observed({}, []), observed({}, [])).exemplars, undefined);
});
