import type { TestEvent } from 'node:test/reporters';

/** A reporter for `node --test`: prints the reason of each skipped test, one per line. */
export default async function* skippedTests(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' || data.skip === undefined) continue;
    yield `${typeof data.skip === 'string' ? data.skip : data.name}\n`;
  }
}
