import { getHeapStatistics } from 'node:v8';
import { CommandError } from './command-error.ts';

/** What a command may take of the heap while it reads: the rest is for what it makes of that. */
const SHARE_OF_INPUT = 0.7;
const SHARE_OF_ALL = 0.9;
/** How many items may be made between two checks. */
const ITEMS = 1000;

/** Throws a CommandError before the heap is full, which would end the process with a trace of V8's. */
export function checkMemory(): void {
  check('The input takes', SHARE_OF_ALL, 0);
}

/** As `checkMemory()`, while the input of this name is read, or before `needed` bytes more are taken for it. */
export function checkInputMemory(name: string, needed = 0): void {
  check(`${name} takes`, SHARE_OF_INPUT, needed);
}

/** The items as they are, and a check of the memory now and then. */
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
  if (used_heap_size + external_memory + needed <= heap_size_limit * share) return;
  const limit = Math.round(heap_size_limit / 2 ** 20);
  throw new CommandError(
    `${subject} more memory than the heap has, ${limit} MiB: NODE_OPTIONS=--max-old-space-size=MIB gives it more.`,
  );
}
