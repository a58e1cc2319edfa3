import { closestName } from './closest-name.ts';
import { kindOf, printable } from './printable.ts';

/** The names of all options of `O`. The compiler rejects a table that lacks one, or has another. */
export type OptionNames<O> = Readonly<Record<keyof O, true>>;

/** Names that prom-client or other libraries use, with ours. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['registers', 'registry'],
  ['register', 'registry'],
  ['labels', 'labelNames'],
  ['labelnames', 'labelNames'],
  ['description', 'help'],
  ['percentiles', 'quantiles'],
  ['maxAgeSeconds', 'maxAgeMs'],
]);

const MOST_CHARACTERS = 100;

/**
 * Checks that `options` is an object with no other options than those in `names`. A misspelled option must not be ignored
 * silently, as it is in JavaScript. Unknown options that are undefined are allowed.
 *
 * @param subject what the options are for, at the start of messages: `metricsHandler()` or the name of a metric.
 * @throws {TypeError} with the option that was probably meant.
 */
export function checkOptionNames(subject: string, options: unknown, names: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${subject} must get an object with options, got ${kindOf(options)}.`);
  }
  if (Object.hasOwn(names, 'registry') && isRegistry(options)) {
    throw new TypeError(`${subject} must get an object with options, got a registry; write { registry } instead.`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !Object.hasOwn(names, name)) throw unknownOption(subject, name, Object.keys(names));
  }
}

function isRegistry(options: object): boolean {
  const { gather, register } = options as Partial<Record<string, unknown>>;
  return typeof gather === 'function' || typeof register === 'function';
}

function unknownOption(subject: string, name: string, known: readonly string[]): TypeError {
  const other = OTHER_NAMES.get(name);
  const meant =
    other !== undefined && known.includes(other)
      ? other
      : closestName(name, known, Math.max(2, Math.floor(name.length / 3)));
  const hint = meant === undefined ? `the options are ${known.join(', ')}` : `did you mean ${meant}?`;
  const shown = printable(name.slice(0, MOST_CHARACTERS));
  return new TypeError(`${subject}: unknown option ${shown}; ${hint}${meant === undefined ? '.' : ''}`);
}
