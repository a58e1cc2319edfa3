import type { LabelInput, Labels } from '../../model/labels.ts';
import type { Logger } from '../../model/logger.ts';
import { numberOption } from '../../model/number-option.ts';
import { callUserCode } from '../../model/user-code.ts';
import type { LabelIndex } from './label-index.ts';
import { allowedValuesOf, checkLabels, checkNames, type LabelSchema, labelText } from './label-schema.ts';
import type { SeriesTable } from './series-table.ts';

const DEFAULT_MAX_SERIES = 10_000;
/** The value that all labels of the overflow series have. */
const OVERFLOW = '__overflow__';

/** Maps the text of a label value to one of few, as an unknown method to `other`. Pure: it may be called at any time. */
export type NormalizeLabel = (value: string) => string;

export interface SeriesFinderOptions {
  readonly name: string;
  readonly schema: LabelSchema;
  readonly normalize: Readonly<Record<string, NormalizeLabel | undefined>>;
  readonly maxSeries: number | undefined;
  readonly logger: Pick<Logger, 'warn'> | undefined;
}

/** Finds the row for labels as callers give them, and makes it: checked, normalised, within the limit. */
export class SeriesFinder {
  /** Updates that went to the overflow series. */
  overflowed = 0;
  readonly #table: SeriesTable;
  readonly #index: LabelIndex;
  readonly #name: string;
  readonly #allowed: readonly (ReadonlySet<string> | undefined)[];
  readonly #normalize: readonly (NormalizeLabel | undefined)[];
  readonly #isNormalizing: boolean;
  readonly #maxSeries: number;
  readonly #logger: Pick<Logger, 'warn'> | undefined;
  readonly #overflowTexts: readonly string[];
  #hasWarned = false;

  constructor(table: SeriesTable, { name, schema, normalize, maxSeries, logger }: SeriesFinderOptions) {
    this.#table = table;
    this.#index = table.index;
    this.#name = name;
    this.#allowed = allowedValuesOf(schema);
    this.#normalize = normalizersOf(normalize, table.labelNames, name);
    this.#isNormalizing = this.#normalize.some((normalizer) => normalizer !== undefined);
    this.#maxSeries = maxSeriesOf(maxSeries, name);
    this.#logger = logger;
    this.#overflowTexts = table.labelNames.map(() => OVERFLOW);
  }

  /** The row with these labels, made if it is not there. Throws a TypeError for labels that the metric does not have. */
  row(labels: Partial<Labels> | null): number {
    // What has to be normalised is found by its texts, and never by what was given: that may be without number.
    const row = labels === null || this.#isNormalizing ? 0 : this.#index.find(labels);
    return row !== 0 ? row : this.#create(labels);
  }

  // The values come one by one, since an array for each call would take longer than the look-up.
  /** As `row()`, by position, for up to three values. */
  rowOfValues(first: LabelInput, second?: LabelInput, third?: LabelInput): number {
    const row = this.#isNormalizing ? 0 : this.#index.findValues(first, second, third);
    return row !== 0 ? row : this.rowOfAll(givenOf(first, second, third));
  }

  /** As `row()`, by position. */
  rowOfAll(values: readonly (LabelInput | undefined)[]): number {
    const row = this.#isNormalizing ? 0 : this.#index.findAll(values);
    return row !== 0 ? row : this.#create(this.named(values, this.#table.labelNames));
  }

  /** The row with these labels, checked, or 0. */
  known(labels: Partial<Labels> | null): number {
    const row = labels === null || this.#isNormalizing ? 0 : this.#index.find(labels);
    return row !== 0 ? row : this.#index.findAll(this.texts(labels));
  }

  /** The error for a call that gives labels in both ways. */
  get mixedError(): TypeError {
    return new TypeError(`${this.#name} takes its labels as one object or as values, not both.`);
  }

  /** Labels by name for values by position. */
  named(values: readonly (LabelInput | undefined)[], names: readonly string[]): Labels {
    if (values.length !== names.length) {
      throw new TypeError(
        `${this.#name} has ${names.length} labels (${names.join(', ')}), and got ${values.length} values.`,
      );
    }
    // What is undefined will be refused as a value.
    return Object.fromEntries(values.map((value, index) => [names[index], value])) as unknown as Labels;
  }

  /** Checks labels and gives their texts in the order of the names. */
  texts(labels: Partial<Labels> | null): string[] {
    checkLabels(labels, this.#table.labelNames, this.#name);
    return this.#table.labelNames.map((labelName, index) => this.#text(labels[labelName], labelName, index));
  }

  /** As `texts()`, for some of the labels: undefined where there is none. */
  someTexts(labels: Partial<Labels>): (string | undefined)[] {
    const names = this.#table.labelNames;
    const given = new Set(Object.keys(labels));
    checkNames(given, names, this.#name);
    return names.map((name, index) => (given.has(name) ? this.#text(labels[name], name, index) : undefined));
  }

  /** The row with these texts, which `texts()` has checked. */
  rowOfTexts(texts: readonly string[]): number {
    const row = this.#index.findAll(texts);
    if (row !== 0) return row;
    if (this.#hasRoom || this.#makeRoom()) return this.#table.add(texts);
    this.overflowed++;
    this.#warn();
    return this.#overflowRow || this.#table.add(this.#overflowTexts);
  }

  get #overflowRow(): number {
    return this.#index.findAll(this.#overflowTexts);
  }

  /** Whether there may be one more series. The overflow series does not count. */
  get #hasRoom(): boolean {
    const { size } = this.#table;
    return size < this.#maxSeries || (size === this.#maxSeries && this.#overflowRow !== 0);
  }

  /** Drops expired series until there is room for one more: one of them, and the overflow series if that has expired too. */
  #makeRoom(): boolean {
    while (this.#table.dropExpired(1) > 0) if (this.#hasRoom) return true;
    return false;
  }

  #create(labels: Partial<Labels> | null): number {
    const texts = this.texts(labels);
    if (texts.length === 0 || labels === null) throw new TypeError(`${this.#name} has no labels.`);
    const row = this.rowOfTexts(texts);
    if (this.#isNormalizing) return row;
    for (const [index, name] of this.#table.labelNames.entries()) {
      const value = labels[name];
      // Texts need no alias, and undefined has been refused.
      if (typeof value !== 'string' && value !== undefined) this.#index.alias(index, value, texts[index] ?? '');
    }
    return row;
  }

  #text(value: unknown, labelName: string, index: number): string {
    const given = labelText(value, labelName, this.#name);
    const normalize = this.#normalize[index];
    const text = normalize === undefined ? given : labelText(normalize(given), labelName, this.#name);
    const allowed = this.#allowed[index];
    if (allowed === undefined || allowed.has(text)) return text;
    throw new RangeError(
      `${this.#name}: label ${labelName} takes ${[...allowed].join(', ')}, not ${JSON.stringify(text)}.`,
    );
  }

  #warn(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const message = `${this.#name} has ${this.#maxSeries} series, its maxSeries: others are counted together, with ${OVERFLOW} for each label.`;
    if (this.#logger === undefined) process.emitWarning(message, { type: 'ZeropromWarning', code: 'MAX_SERIES' });
    else callUserCode(() => this.#logger?.warn(message, { metric: this.#name, maxSeries: this.#maxSeries }));
  }
}

/** The values up to the last that was given. */
export function givenOf(
  first: LabelInput,
  second: LabelInput | undefined,
  third: LabelInput | undefined,
  others: readonly LabelInput[] = [],
): readonly (LabelInput | undefined)[] {
  if (third !== undefined || others.length > 0) return [first, second, third, ...others];
  return second !== undefined ? [first, second] : [first];
}

function normalizersOf(
  normalize: SeriesFinderOptions['normalize'],
  labelNames: readonly string[],
  metricName: string,
): readonly (NormalizeLabel | undefined)[] {
  const known = new Set(labelNames);
  for (const [name, normalizer] of Object.entries(normalize)) {
    if (!known.has(name)) throw new TypeError(`${metricName}: normalize has ${name}, which is no label.`);
    if (typeof normalizer !== 'function') throw new TypeError(`${metricName}: normalize.${name} is no function.`);
  }
  return labelNames.map((name) => (Object.hasOwn(normalize, name) ? normalize[name] : undefined));
}

function maxSeriesOf(value: number | undefined, metricName: string): number {
  return numberOption(value, {
    name: `${metricName}: maxSeries`,
    byDefault: DEFAULT_MAX_SERIES,
    isAllowed: (count) => count >= 1 && (Number.isSafeInteger(count) || count === Number.POSITIVE_INFINITY),
    rule: 'a whole number from 1, or Infinity',
  });
}
