import { checkedDescriptor } from '../model/checked-descriptor.ts';
import type { Descriptor } from '../model/family.ts';
import { kindOf } from '../model/printable.ts';
import { asError } from '../model/thrown.ts';
import { listOf } from './iterables.ts';

/** A family as a collector returned it, with a valid descriptor. Its points are not checked yet. */
export interface ReadFamily {
  readonly descriptor: Descriptor;
  readonly points: readonly unknown[];
}

/** The families that a collector returned, and the errors of those that were invalid. */
export interface ReadFamilies {
  readonly families: readonly ReadFamily[];
  readonly problems: readonly Error[];
}

interface Limit {
  /** Name of the collector. */
  readonly name: string;
  readonly maxPoints: number;
}

/**
 * Reads all that a collector returned, synchronously, so that it is consistent. Reports invalid families as problems.
 * Throws if it is not iterable, if iterating throws, or if it is too long.
 */
export function readFamilies(returned: unknown, limit: Limit): ReadFamilies {
  const reader = new FamilyReader(limit);
  for (const family of listOf<unknown>(returned, `Collector ${limit.name} must return an iterable of families`)) {
    reader.read(family);
  }
  return reader;
}

/** Reads the families of a collector one by one, each of them synchronously. */
export class FamilyReader implements ReadFamilies {
  readonly families: ReadFamily[] = [];
  readonly problems: Error[] = [];
  readonly #count: Count;

  constructor(limit: Limit) {
    this.#count = new Count(limit);
  }

  /** Reads a family, or reports it as a problem. Throws if there are too many. */
  read(family: unknown): void {
    this.#count.up();
    try {
      this.families.push(readFamily(family, this.#count));
    } catch (thrown) {
      if (this.#count.isOver) throw thrown;
      this.problems.push(asError(thrown));
    }
  }

  /** Reads families as they come, until the signal aborts. */
  async readAll(families: AsyncIterable<unknown>, signal: AbortSignal): Promise<void> {
    for await (const family of families) {
      signal.throwIfAborted();
      this.read(family);
    }
  }
}

/** Reads a family. Reads each property once, because a getter may return something else the next time. */
function readFamily(family: unknown, count: Count): ReadFamily {
  if (typeof family !== 'object' || family === null)
    throw new TypeError(`A family must be an object, got ${kindOf(family)}.`);
  // checkedDescriptor() and listOf() check the properties.
  const { name, help, type, unit, acrossWorkers, points } = family as Partial<Record<string, unknown>>;
  const descriptor = checkedDescriptor({ name, help, type, unit, acrossWorkers });
  const read: unknown[] = [];
  for (const point of listOf<unknown>(points, `${descriptor.name}: points must be iterable`)) {
    count.up();
    read.push(point);
  }
  return { descriptor, points: read };
}

/** Counts points and families to stop at infinite iterables. */
class Count {
  isOver = false;
  readonly #limit: Limit;
  #count = 0;

  constructor(limit: Limit) {
    this.#limit = limit;
  }

  up(): void {
    const { name, maxPoints } = this.#limit;
    this.isOver = ++this.#count > maxPoints;
    if (!this.isOver) return;
    throw new RangeError(
      `Collector ${name} returned more than ${maxPoints} points and families; return fewer, or raise the registry's maxPoints.`,
    );
  }
}
