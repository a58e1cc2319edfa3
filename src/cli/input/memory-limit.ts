import { getHeapStatistics } from 'node:v8';
import { CommandError } from '../../command-line/usage-error.ts';

/** Share of the heap that a command may use while it reads; the rest is for processing what it has read. */
const SHARE_OF_INPUT = 0.7;
const SHARE_OF_ALL = 0.9;
/** Part of the heap limit that only new objects can use: 48 MiB in Node.js 20, 192 MiB in Node.js 24. */
const YOUNG_BYTES = 192 * 2 ** 20;
const ITEMS_PER_CHECK = 1000;

/**
 * Throws before the heap, or the given share of it, is full; V8 would abort the process with a stack trace.
 *
 * @throws {CommandError} if the limit is reached.
 */
export function checkMemory(share: number = SHARE_OF_ALL): void {
  check('The input', share, 0);
}

/**
 * Like `checkMemory()`, while the input with this name is read, or before `needed` more bytes are allocated for it.
 *
 * @throws {CommandError} if the limit is reached.
 */
export function checkInputMemory(name: string, needed = 0): void {
  check(name, SHARE_OF_INPUT, needed);
}

/** Yields the items unchanged and checks the memory every thousand items. */
export function* withMemoryChecks<T>(items: Iterable<T>): Iterable<T> {
  let count = 0;
  for (const item of items) {
    if (count++ % ITEMS_PER_CHECK === 0) checkMemory();
    yield item;
  }
}

/** Takes less than a microsecond. */
function check(subject: string, share: number, needed: number): void {
  const { used_heap_size, external_memory, heap_size_limit } = getHeapStatistics();
  const usable = Math.max(heap_size_limit - YOUNG_BYTES, heap_size_limit / 4);
  if (used_heap_size + external_memory + needed <= usable * share) return;
  const limit = Math.round(heap_size_limit / 2 ** 20);
  throw new CommandError(
    `${subject} needs more memory than the heap limit of ${limit} MiB; raise it with NODE_OPTIONS=--max-old-space-size=MIB.`,
  );
}
