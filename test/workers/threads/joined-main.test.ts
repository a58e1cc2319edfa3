import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseText } from '../../../src/parse/index.ts';
import { start } from '../../child.ts';

const PROGRAM = fileURLToPath(new URL('./joined-main-program.js', import.meta.url));

for (const order of ['joined first', 'scraped first']) {
  test(`a process that joins beside its threads has a number of its own: ${order}`, async (t) => {
    const { ended, stdout } = start(t, process.execPath, [PROGRAM, order]);
    assert.equal(await ended, 0);
    for (const name of ['threads', 'zeroprom_worker_up']) {
      const family = parseText(stdout()).find((one) => one.name === name);
      const numbers: unknown[] = [];
      for (const { labels } of family?.points ?? []) numbers.push(labels?.['worker']);
      assert.deepEqual(numbers.sort(), ['0', '1', '2'], name);
    }
  });
}
