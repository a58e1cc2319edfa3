import type { Descriptor } from '../model/family.ts';
import { checkMetricName } from '../model/naming.ts';
import { isMetricType } from '../model/sample-names.ts';
import { asError } from '../model/thrown.ts';

/** What a collector returned as a family: the descriptor is one, the points may be anything. */
export interface ReadFamily {
  readonly descriptor: Descriptor;
  readonly points: readonly unknown[];
}

export interface ReadFamilies {
  readonly families: readonly ReadFamily[];
  readonly problems: readonly Error[];
}

interface Limit {
  /** The collector's. */
  readonly name: string;
  readonly maxPoints: number;
}

/**
 * Reads what a collector returned to its end, at once, so that all of it is of one moment. A family that is none
 * becomes a problem. Throws where it is no list of families, where the list itself throws, and where it is too long.
 */
export function readFamilies(returned: unknown, limit: Limit): ReadFamilies {
  const families: ReadFamily[] = [];
  const problems: Error[] = [];
  const count = new Count(limit);
  for (const family of listOf<unknown>(returned, `The collector ${limit.name} returned`)) {
    count.up();
    try {
      families.push(readFamily(family, count));
    } catch (thrown) {
      if (count.isOver) throw thrown;
      problems.push(asError(thrown));
    }
  }
  return { families, problems };
}

/** Reads each property once: it may be a getter, and tell something else the next time. */
function readFamily(family: unknown, count: Count): ReadFamily {
  if (typeof family !== 'object' || family === null)
    throw new TypeError(`A family is an object, not ${kindOf(family)}.`);
  // Each property is checked below.
  const { name, help, type, unit, points } = family as Partial<Record<string, unknown>>;
  if (typeof name !== 'string') throw new TypeError(`A family's name is a string, not ${kindOf(name)}.`);
  checkMetricName(name);
  if (typeof help !== 'string') throw new TypeError(`${name}: help is a string, not ${kindOf(help)}.`);
  if (!isMetricType(type)) throw new TypeError(`${name}: there is no type ${asText(type)}.`);
  if (unit !== undefined && typeof unit !== 'string') {
    throw new TypeError(`${name}: unit is a string, not ${kindOf(unit)}.`);
  }
  const read: unknown[] = [];
  for (const point of listOf<unknown>(points, `${name}: points are`)) {
    count.up();
    read.push(point);
  }
  return { descriptor: { name, help, type, unit }, points: read };
}

/** Counts points and families, so that a list without end is left. */
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
      `The collector ${name} returned more than ${maxPoints} points and families: return fewer, or raise the registry's maxPoints.`,
    );
  }
}

/** Throws a TypeError that begins with `subject` where the value cannot be walked through. A text is no list. */
export function listOf<T>(value: unknown, subject: string): Iterable<T> {
  if (typeof value === 'object' && value !== null && isIterable<T>(value)) return value;
  throw new TypeError(`${subject} ${kindOf(value)}, and not a list.`);
}

function isIterable<T>(value: object): value is Iterable<T> {
  return Symbol.iterator in value && typeof value[Symbol.iterator] === 'function';
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? 'an object' : typeof value;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : kindOf(value);
}
