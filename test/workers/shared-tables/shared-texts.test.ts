import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SharedTextReader, SharedTexts } from '../../../src/workers/shared-tables/shared-texts.ts';

test('all texts are read as they were appended, wherever the memory is replaced', () => {
  const unit = fc.constantFrom('a', 'Z', '~', '\0', '\x7f', '\x80', 'é', '€', '\u{1f600}', '\ufffd');
  const text = fc.oneof(
    fc.string({ unit, maxLength: 8 }),
    fc.string({ unit, minLength: 60, maxLength: 70 }),
    fc.integer({ min: 0, max: 300 }).map((length) => 'x'.repeat(length)),
  );
  fc.assert(
    fc.property(fc.array(fc.array(text, { maxLength: 5 }), { maxLength: 40 }), (batches) => {
      const texts = new SharedTexts();
      const reader = new SharedTextReader();
      reader.follow(texts.bytes);
      const all: string[] = [];
      const read: string[] = [];
      for (const batch of batches) {
        all.push(...batch);
        if (texts.append(all)) reader.follow(texts.bytes);
        reader.readNew((one) => read.push(one));
        assert.deepEqual(read, all);
      }
    }),
  );
});
