import type { MetricType } from '../../model/family.ts';
import { sampleSuffixes } from '../../model/sample-names.ts';
import { ParseError } from '../input/parse-error.ts';
import type { LineHandler, MetadataLine, SampleLine } from '../lines/line-handler.ts';
import { CachedNumbers } from '../lines/number.ts';

// Flags of a name, as bits of one number, because a document can have a name for every few bytes.
const HAS_HELP = 1;
const HAS_SAMPLES = 2;
/** The bits from here on: 0 without a type, 1 for the first type. */
const TYPE_SHIFT = 2;
const TYPES: readonly MetricType[] = ['counter', 'gauge', 'histogram', 'summary', 'unknown'];

type Check = (sample: SampleLine, numbers: CachedNumbers) => void;

/** Maximum number of cached checks. Finding one again is fast, and a document can have many names. */
const MAX_CHECKS = 1024;

/** Rules of the text format beyond its grammar: metadata once and before samples, numeric `le` and `quantile`. */
export class TextRules implements LineHandler {
  readonly #next: LineHandler;
  /** Flags of each name. */
  readonly #names = new Map<string, number>();
  /** Checks of samples by their names, until the next metadata. */
  readonly #checks = new Map<string, Check>();
  readonly #numbers = new CachedNumbers();
  #lastName: string | undefined;
  #check: Check = checkNothing;

  constructor(next: LineHandler) {
    this.#next = next;
  }

  metadata(line: MetadataLine): void {
    const known = this.#names.get(line.name) ?? 0;
    if (line.keyword === 'TYPE') {
      if (known >> TYPE_SHIFT !== 0) fail(line, 'TYPE', 'one TYPE line for each name');
      if ((known & HAS_SAMPLES) !== 0) fail(line, 'TYPE', 'the TYPE line before the first sample');
      this.#names.set(line.name, known | ((TYPES.indexOf(line.type) + 1) << TYPE_SHIFT));
    } else {
      if ((known & HAS_HELP) !== 0) fail(line, 'HELP', 'one HELP line for each name');
      this.#names.set(line.name, known | HAS_HELP);
    }
    this.#lastName = undefined;
    this.#checks.clear();
    this.#next.metadata(line);
  }

  sample(line: SampleLine): void {
    if (line.name !== this.#lastName) {
      this.#check = this.#checks.get(line.name) ?? this.#newCheck(line.name);
      this.#lastName = line.name;
    }
    this.#check(line, this.#numbers);
    this.#next.sample(line);
  }

  end(): void {
    this.#next.end();
  }

  #newCheck(name: string): Check {
    const check = this.#checkOf(name);
    if (this.#checks.size >= MAX_CHECKS) this.#checks.clear();
    this.#checks.set(name, check);
    return check;
  }

  /** Marks the family of a sample, and returns the check for its samples. */
  #checkOf(name: string): Check {
    for (const [suffix] of sampleSuffixes('histogram', 'text')) {
      if (!name.endsWith(suffix) || this.#typeOf(name) !== undefined) continue;
      const family = name.slice(0, -suffix.length);
      const check = partCheck(this.#typeOf(family), suffix);
      if (check === undefined) continue;
      this.#addSamples(family);
      return check;
    }
    this.#addSamples(name);
    return this.#typeOf(name) === 'summary' ? checkQuantile : checkNothing;
  }

  #typeOf(name: string): MetricType | undefined {
    return TYPES[((this.#names.get(name) ?? 0) >> TYPE_SHIFT) - 1];
  }

  #addSamples(name: string): void {
    this.#names.set(name, (this.#names.get(name) ?? 0) | HAS_SAMPLES);
  }
}

/** Returns undefined if samples of this type do not have the suffix. */
function partCheck(type: MetricType | undefined, suffix: string): Check | undefined {
  const [, part] = (type && sampleSuffixes(type, 'text').find(([other]) => other === suffix)) ?? [];
  return part === 'bucket' ? checkBucket : part === 'count' ? checkCount : part && checkNothing;
}

function checkNothing(): void {}

function checkBucket(sample: SampleLine, numbers: CachedNumbers): void {
  checkNumericLabel(sample, 'le', numbers);
  checkCount(sample);
}

function checkQuantile(sample: SampleLine, numbers: CachedNumbers): void {
  checkNumericLabel(sample, 'quantile', numbers);
}

function checkNumericLabel(sample: SampleLine, name: string, numbers: CachedNumbers): void {
  const value = sample.labelValues[sample.labelNames.indexOf(name)];
  if (value !== undefined && numbers.parse(value) === undefined) fail(sample, value, `a number as the label ${name}`);
}

function checkCount(sample: SampleLine): void {
  if (sample.value < 0) fail(sample, String(sample.value), 'a count that is not negative');
}

function fail({ line, name }: { line: number; name: string }, text: string, expected: string): never {
  throw new ParseError({ line, column: 1, text: `${name} ${text}`, expected });
}
