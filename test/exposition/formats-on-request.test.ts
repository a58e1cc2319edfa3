import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formats } from '../../src/exposition/formats.ts';
import { formatsOnRequest } from '../../src/exposition/formats-on-request.ts';

test('formats on request are those that can be encoded, in the same order', async () => {
  assert.deepEqual(await Promise.all(formatsOnRequest.map(({ load }) => load())), formats);
});

for (const { contentType, accepted, defaultEscaping, load } of formatsOnRequest) {
  test(`${contentType} is asked for as its format says`, async () => {
    const format = await load();
    assert.deepEqual(
      { contentType, accepted, defaultEscaping },
      { contentType: format.contentType, accepted: format.accepted, defaultEscaping: format.defaultEscaping },
    );
  });
}
