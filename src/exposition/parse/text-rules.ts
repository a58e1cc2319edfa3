import type { MetricType } from '../../model/family.ts';
import type { LineHandler, MetadataLine, SampleLine } from './lines.ts';
import { parseNumber } from './number.ts';
import { ParseError } from './parse-error.ts';

/** What is known of a name so far. */
interface Known {
  hasHelp: boolean;
  type: MetricType | undefined;
  hasSamples: boolean;
}

type Check = (sample: SampleLine, numbers: NumericTexts) => void;

/** So many texts are remembered to be numbers: most series have the same bounds, which are read once only. */
const MAX_NUMBERS = 1024;

class NumericTexts {
  readonly #known = new Set<string>();

  /** Whether a text is a number. */
  has(text: string): boolean {
    if (this.#known.has(text)) return true;
    if (parseNumber(text) === undefined) return false;
    if (this.#known.size < MAX_NUMBERS) this.#known.add(text);
    return true;
  }
}

/** What the text format asks for beyond its grammar: metadata once and in time, `le` and `quantile` that are numbers. */
export class TextRules implements LineHandler {
  readonly #next: LineHandler;
  readonly #names = new Map<string, Known>();
  /** What has to be checked of samples by their names; only until the next metadata. */
  readonly #checks = new Map<string, Check>();
  readonly #numbers = new NumericTexts();
  #lastName: string | undefined;
  #check: Check = checkNothing;

  constructor(next: LineHandler) {
    this.#next = next;
  }

  metadata(line: MetadataLine): void {
    const known = this.#known(line.name);
    if (line.keyword === 'TYPE') setType(known, line);
    else setHelp(known, line);
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

  #known(name: string): Known {
    let known = this.#names.get(name);
    if (known === undefined) {
      known = { hasHelp: false, type: undefined, hasSamples: false };
      this.#names.set(name, known);
    }
    return known;
  }

  #newCheck(name: string): Check {
    const check = this.#checkOf(name);
    this.#checks.set(name, check);
    return check;
  }

  /** Marks the family that a sample belongs to, and says what has to be checked of its samples. */
  #checkOf(name: string): Check {
    for (const suffix of ['_bucket', '_count', '_sum']) {
      const family = name.endsWith(suffix) ? this.#names.get(name.slice(0, -suffix.length)) : undefined;
      const check = family && !this.#names.get(name)?.type ? partCheck(family.type, suffix) : undefined;
      if (family === undefined || check === undefined) continue;
      family.hasSamples = true;
      return check;
    }
    const known = this.#known(name);
    known.hasSamples = true;
    return known.type === 'summary' ? checkQuantile : checkNothing;
  }
}

function setType(known: Known, line: MetadataLine & { keyword: 'TYPE' }): void {
  if (known.type !== undefined) fail(line, 'TYPE', 'one TYPE line for each name');
  if (known.hasSamples) fail(line, 'TYPE', 'the TYPE line before the first sample');
  known.type = line.type;
}

function setHelp(known: Known, line: MetadataLine): void {
  if (known.hasHelp) fail(line, 'HELP', 'one HELP line for each name');
  known.hasHelp = true;
}

function partCheck(type: MetricType | undefined, suffix: string): Check | undefined {
  if (type === 'histogram') return suffix === '_bucket' ? checkBucket : suffix === '_count' ? checkCount : checkNothing;
  if (type === 'summary') return suffix === '_count' ? checkCount : suffix === '_sum' ? checkNothing : undefined;
  return undefined;
}

function checkNothing(): void {}

function checkBucket(sample: SampleLine, numbers: NumericTexts): void {
  checkNumericLabel(sample, 'le', numbers);
  checkCount(sample);
}

function checkQuantile(sample: SampleLine, numbers: NumericTexts): void {
  checkNumericLabel(sample, 'quantile', numbers);
}

function checkNumericLabel(sample: SampleLine, name: string, numbers: NumericTexts): void {
  const value = sample.labelValues[sample.labelNames.indexOf(name)];
  if (value !== undefined && !numbers.has(value)) fail(sample, value, `a number as the label ${name}`);
}

function checkCount(sample: SampleLine): void {
  if (sample.value < 0) fail(sample, String(sample.value), 'a count that is not negative');
}

function fail({ line, name }: { line: number; name: string }, text: string, expected: string): never {
  throw new ParseError({ line, column: 1, text: `${name} ${text}`, expected });
}
