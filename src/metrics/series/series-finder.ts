import { type LabelInput, type Labels, labelText } from '../../model/labels.ts';
import type { Logger } from '../../model/logger.ts';
import { numberOption } from '../../model/number-option.ts';
import { callUserCode } from '../../model/thrown.ts';
import type { LabelIndex } from './label-index.ts';
import { allowedValuesOf, checkLabels, checkNames, type LabelSchema } from './label-schema.ts';
import { Lost, type SeriesTable } from './series-table.ts';

/** The row of a metric without labels, which exists from the start. */
export const ONLY_ROW = 1;

const DEFAULT_MAX_SERIES = 10_000;
/** Value of all labels of the overflow series. */
const OVERFLOW = '__overflow__';

/**
 * Maps a label value to one of a few, for example an unknown method to `other`. Must be pure: it may be called at any
 * time.
 */
export type NormalizeLabel = (value: string) => string;

/** Finds the rows of a metric by labels as callers give them: those of the metric, or the ones that `curry()` left. */
export interface RowFinder {
  readonly metricName: string;
  /** Names of the labels that calls give, in order. */
  readonly labelNames: readonly string[];
  /** The row with these labels, added if it is missing. Throws a TypeError unless they are the metric's labels. */
  row(labels: Partial<Labels> | null): number;
  /** The row for a call without labels. Throws a TypeError if the metric needs some. */
  rowWithoutLabels(): number;
  /** Like `row()`, for up to three label values by position. */
  rowOfValues(first: LabelInput, second?: LabelInput, third?: LabelInput): number;
  /** Like `row()`, for label values by position. */
  rowOfAll(values: readonly (LabelInput | undefined)[]): number;
  /** The row with these labels, checked like those of `row()`, or 0. */
  findExisting(labels: Partial<Labels> | null): number;
  /** Turns label values by position into labels by name; `names` are the finder's by default. */
  byName(values: readonly (LabelInput | undefined)[], names?: readonly string[]): Labels;
  /** Checks labels and returns the texts of all labels of the metric, in the order of their names. */
  texts(labels: Partial<Labels>): string[];
  /** The row with texts that `texts()` returned, added if it is missing. */
  rowOfTexts(texts: readonly string[]): number;
  /** Tests whether a row has these labels, which may be only some. Valid until rows are added or removed. */
  matcher(labels: Partial<Labels>): (row: number) => boolean;
}

export interface SeriesFinderOptions {
  readonly name: string;
  readonly schema: LabelSchema;
  readonly normalize: Readonly<Record<string, NormalizeLabel | undefined>>;
  readonly maxSeries: number | undefined;
  readonly logger: Pick<Logger, 'warn'> | undefined;
}

/**
 * Finds or adds rows for labels as callers give them: checks and normalizes the labels, and limits the number of
 * series.
 */
export class SeriesFinder implements RowFinder {
  readonly metricName: string;
  readonly labelNames: readonly string[];
  readonly #table: SeriesTable;
  readonly #index: LabelIndex;
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
    this.metricName = name;
    this.labelNames = table.labelNames;
    this.#allowed = allowedValuesOf(schema);
    this.#normalize = normalizersOf(normalize, table.labelNames, name);
    this.#isNormalizing = this.#normalize.some((normalizer) => normalizer !== undefined);
    this.#maxSeries = maxSeriesOf(maxSeries, name);
    this.#logger = logger;
    this.#overflowTexts = table.labelNames.map(() => OVERFLOW);
  }

  row(labels: Partial<Labels> | null): number {
    // Look normalized labels up by their normalized text: raw values are unbounded and must not be cached.
    const row = labels === null || this.#isNormalizing ? 0 : this.#index.find(labels);
    return row !== 0 ? row : this.#create(labels);
  }

  // The values come one by one, because allocating an array per call would take longer than the lookup.
  rowOfValues(first: LabelInput, second?: LabelInput, third?: LabelInput): number {
    const row = this.#isNormalizing ? 0 : this.#index.findValues(first, second, third);
    return row !== 0 ? row : this.rowOfAll(trimmed(first, second, third));
  }

  rowOfAll(values: readonly (LabelInput | undefined)[]): number {
    const row = this.#isNormalizing ? 0 : this.#index.findAll(values);
    return row !== 0 ? row : this.#create(this.byName(values));
  }

  findExisting(labels: Partial<Labels> | null): number {
    const row = labels === null || this.#isNormalizing ? 0 : this.#index.find(labels);
    return row !== 0 ? row : this.#index.findAll(this.texts(labels));
  }

  rowWithoutLabels(): number {
    if (this.labelNames.length > 0) checkLabels(undefined, this.labelNames, this.metricName);
    return ONLY_ROW;
  }

  byName(values: readonly (LabelInput | undefined)[], names = this.labelNames): Labels {
    if (values.length !== names.length) {
      throw new TypeError(
        `${this.metricName} has ${names.length} labels (${names.join(', ')}), got ${values.length} values.`,
      );
    }
    // Undefined values are rejected later.
    return Object.fromEntries(values.map((value, index) => [names[index], value])) as unknown as Labels;
  }

  matcher(labels: Partial<Labels>): (row: number) => boolean {
    return this.#index.matcher(this.#partialTexts(labels));
  }

  texts(labels: Partial<Labels> | null): string[] {
    checkLabels(labels, this.labelNames, this.metricName);
    return this.labelNames.map((labelName, index) => this.#text(labels[labelName], labelName, index));
  }

  rowOfTexts(texts: readonly string[]): number {
    const row = this.#index.findAll(texts);
    if (row !== 0) return row;
    if (this.#hasRoom || this.#makeRoom()) return this.#table.add(texts);
    this.#table.lost[Lost.overflowed]! += 1;
    this.#warn();
    return this.#overflowRow || this.#table.add(this.#overflowTexts);
  }

  get #overflowRow(): number {
    return this.#index.findAll(this.#overflowTexts);
  }

  /** Whether one more series is allowed. The overflow series does not count. */
  get #hasRoom(): boolean {
    const { size } = this.#table;
    return size < this.#maxSeries || (size === this.#maxSeries && this.#overflowRow !== 0);
  }

  /** Drops expired series until there is room for one more: one, or two if the first was the overflow series. */
  #makeRoom(): boolean {
    while (this.#table.dropExpired(1) > 0) if (this.#hasRoom) return true;
    return false;
  }

  #create(labels: Partial<Labels> | null): number {
    const texts = this.texts(labels);
    if (texts.length === 0 || labels === null) throw new TypeError(`${this.metricName} has no labels.`);
    const row = this.rowOfTexts(texts);
    if (this.#isNormalizing) return row;
    for (let index = 0; index < texts.length; index++) {
      const value = labels[this.labelNames[index]!];
      // Texts need no alias, and undefined was rejected.
      if (typeof value !== 'string' && value !== undefined) this.#index.alias(index, value, texts[index]!);
    }
    return row;
  }

  /** The texts of some of the labels, checked; undefined for the others. */
  #partialTexts(labels: Partial<Labels>): (string | undefined)[] {
    const names = this.labelNames;
    const given = new Set(Object.keys(labels));
    checkNames(given, names, this.metricName);
    return names.map((name, index) => (given.has(name) ? this.#text(labels[name], name, index) : undefined));
  }

  #text(value: unknown, labelName: string, index: number): string {
    const given = labelText(value, labelName, this.metricName);
    const normalize = this.#normalize[index];
    const text = normalize === undefined ? given : labelText(normalize(given), labelName, this.metricName);
    const allowed = this.#allowed[index];
    if (allowed === undefined || allowed.has(text)) return text;
    throw new RangeError(
      `${this.metricName}: label ${labelName} must be one of ${[...allowed].join(', ')}, got ${JSON.stringify(text)}.`,
    );
  }

  #warn(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const message = `${this.metricName} has reached its maxSeries of ${this.#maxSeries}: updates of further series go to one with ${OVERFLOW} as the value of each label.`;
    if (this.#logger === undefined) process.emitWarning(message, { type: 'ZeropromWarning', code: 'MAX_SERIES' });
    else callUserCode(() => this.#logger?.warn(message, { metric: this.metricName, maxSeries: this.#maxSeries }));
  }
}

/** The values up to the last defined one. */
export function trimmed(
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
    if (!known.has(name)) throw new TypeError(`${metricName}: normalize.${name} does not name a label.`);
    if (typeof normalizer !== 'function') {
      throw new TypeError(`${metricName}: normalize.${name} must be a function, got ${typeof normalizer}.`);
    }
  }
  return labelNames.map((name) => (Object.hasOwn(normalize, name) ? normalize[name] : undefined));
}

function maxSeriesOf(value: number | undefined, metricName: string): number {
  return numberOption(value, {
    name: `${metricName}: maxSeries`,
    byDefault: DEFAULT_MAX_SERIES,
    isAllowed: (count) => count >= 1 && (Number.isSafeInteger(count) || count === Number.POSITIVE_INFINITY),
    rule: 'a whole number of at least 1, or Infinity',
  });
}
