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

/** What the text format asks for beyond its grammar: metadata once and in time, `le` and `quantile` that are numbers. */
export class TextRules implements LineHandler {
  readonly #next: LineHandler;
  readonly #names = new Map<string, Known>();
  #lastName: string | undefined;
  #check: ((sample: SampleLine) => void) | undefined;

  constructor(next: LineHandler) {
    this.#next = next;
  }

  metadata(line: MetadataLine): void {
    const known = this.#known(line.name);
    if (line.keyword === 'TYPE') setType(known, line);
    else setHelp(known, line);
    this.#lastName = undefined;
    this.#next.metadata(line);
  }

  sample(line: SampleLine): void {
    if (line.name !== this.#lastName) {
      this.#check = this.#checkOf(line.name);
      this.#lastName = line.name;
    }
    this.#check?.(line);
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

  /** Marks the family that a sample belongs to, and says what has to be checked of its samples. */
  #checkOf(name: string): ((sample: SampleLine) => void) | undefined {
    for (const suffix of ['_bucket', '_count', '_sum']) {
      const family = name.endsWith(suffix) ? this.#names.get(name.slice(0, -suffix.length)) : undefined;
      const check = family && !this.#names.get(name)?.type ? partCheck(family.type, suffix) : undefined;
      if (family === undefined || check === undefined) continue;
      family.hasSamples = true;
      return check;
    }
    const known = this.#known(name);
    known.hasSamples = true;
    return known.type === 'summary' ? checkQuantile : undefined;
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

function partCheck(type: MetricType | undefined, suffix: string): ((sample: SampleLine) => void) | undefined {
  if (type === 'histogram') return suffix === '_bucket' ? checkBucket : suffix === '_count' ? checkCount : () => {};
  if (type === 'summary') return suffix === '_count' ? checkCount : suffix === '_sum' ? () => {} : undefined;
  return undefined;
}

function checkBucket(sample: SampleLine): void {
  checkNumericLabel(sample, 'le');
  checkCount(sample);
}

function checkQuantile(sample: SampleLine): void {
  checkNumericLabel(sample, 'quantile');
}

function checkNumericLabel(sample: SampleLine, name: string): void {
  const value = sample.labelValues[sample.labelNames.indexOf(name)];
  if (value !== undefined && parseNumber(value) === undefined) fail(sample, value, `a number as the label ${name}`);
}

function checkCount(sample: SampleLine): void {
  if (sample.value < 0) fail(sample, String(sample.value), 'a count that is not negative');
}

function fail({ line, name }: { line: number; name: string }, text: string, expected: string): never {
  throw new ParseError({ line, column: 1, text: `${name} ${text}`, expected });
}
