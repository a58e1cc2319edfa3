import { getHeapStatistics } from 'node:v8';
import { CommandError } from '../command/command-error.ts';

/** Share of the heap that a command may take while it reads; the rest is for processing what it has read. */
const SHARE_OF_INPUT = 0.7;
const SHARE_OF_ALL = 0.9;
/** Part of the heap limit that only new objects can use: 48 MiB in Node.js 20, 192 MiB in Node.js 24. */
const YOUNG_BYTES = 192 * 2 ** 20;
/** Number of items between two checks. */
const ITEMS = 1000;

/** Throws a CommandError before the heap, or this share of it, is full: V8 would abort the process with a stack trace. */
export function checkMemory(share: number = SHARE_OF_ALL): void {
  check('The input', share, 0);
}

/** Like `checkMemory()`, while the input of this name is read, or before `needed` more bytes are allocated for it. */
export function checkInputMemory(name: string, needed = 0): void {
  check(name, SHARE_OF_INPUT, needed);
}

/** Yields the items unchanged and checks the memory every thousand items. */
export function* withMemoryChecks<T>(items: Iterable<T>): Iterable<T> {
  let count = 0;
  for (const item of items) {
    if (count++ % ITEMS === 0) checkMemory();
    yield item;
  }
}

/** Costs less than a microsecond. */
function check(subject: string, share: number, needed: number): void {
  const { used_heap_size, external_memory, heap_size_limit } = getHeapStatistics();
  const usable = Math.max(heap_size_limit - YOUNG_BYTES, heap_size_limit / 4);
  if (used_heap_size + external_memory + needed <= usable * share) return;
  const limit = Math.round(heap_size_limit / 2 ** 20);
  throw new CommandError(
    `${subject} needs more memory than the heap limit of ${limit} MiB; raise it with NODE_OPTIONS=--max-old-space-size=MIB.`,
  );
}
