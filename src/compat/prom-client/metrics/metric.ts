import { isThenable } from '../../../metrics/on-settled.ts';
import { PROMETHEUS_CONTENT_TYPE } from '../registry/base-registry.ts';
import type { Registry } from '../registry/registry.ts';
import { isObject, labelsOfArguments, validateLabelName, validateMetricName } from '../series/label-arguments.ts';
import { SeriesRows } from '../series/series-rows.ts';
import type { RowLines } from '../text/row-lines.ts';
import { ENCODE, type MetricEncoder } from '../text/row-lines.ts';
import type { MetricValue } from '../text/samples.ts';
import { type Dialect, promClientDialect } from './dialect.ts';
import { IgnoredValues } from './values.ts';

/** The result of `get()`. */
export interface MetricObject {
  readonly help: string;
  readonly name: string;
  readonly type: string;
  readonly values: readonly MetricValue[];
  readonly aggregator: string;
}

/** Base class of all metric types. Keys of the configuration become properties, which user code reads and writes. */
export abstract class Metric {
  declare name: string;
  declare help: string;
  declare labelNames: readonly string[];
  declare registers: readonly Pick<Registry, 'contentType' | 'registerMetric'>[];
  declare aggregator: string;
  declare enableExemplars: boolean;
  declare collect?: () => unknown;
  declare type: string;
  readonly #rows: SeriesRows;
  readonly #encoder: MetricEncoder;
  readonly #ignored = new IgnoredValues();

  /** Subclasses end their constructors with `register()`: registries must not see an incomplete metric. */
  protected constructor(type: string, config: unknown, defaults: Readonly<Record<string, unknown>> = {}) {
    if (!isObject(config)) throw new TypeError('constructor expected a config object');
    const given = Object.entries(config).filter(([, value]) => value !== undefined);
    Object.assign(this, { labelNames: [], registers: undefined, aggregator: 'sum', enableExemplars: false });
    Object.assign(this, defaults, Object.fromEntries(given));
    this.registers ||= [this.dialect.defaultRegistry()];
    this.labelNames ||= [];
    this.type = type;
    checkMetric(this, this.dialect);
    const rows = new SeriesRows(this.labelNames, this.dialect.nameOrder);
    this.#rows = rows;
    this.#encoder = { rows, begin: (lines) => this.begin(lines), values: (row) => this.values(row) };
  }

  /** Number of invalid values that were ignored, such as `inc(NaN)` of a counter. */
  get ignoredValues(): number {
    return this.#ignored.count;
  }

  /** A copy of the current series by prom-client's keys. Assigning an empty object drops all series. */
  get hashMap(): Record<string, object> {
    const entries = Array.from(this.#rows.rows(), (row) => [this.#rows.key(row), this.entry(row)] as const);
    return Object.fromEntries(entries);
  }

  set hashMap(map: object) {
    if (Object.keys(map).length === 0) this.#rows.clear();
    else this.ignore('an assignment to hashMap');
  }

  /** Encoder of the metric's text; undefined if user code has replaced `get()`. */
  get [ENCODE](): MetricEncoder | undefined {
    return this.get === Metric.prototype.get ? this.#encoder : undefined;
  }

  /** Calls `collect`, waits for it if it is asynchronous, and shows all series. */
  async get(): Promise<MetricObject> {
    await this.updated();
    return this.shown((row) => this.jsonValues(row));
  }

  /** Drops the series with these labels, given as an object or a value for each name. */
  remove(...labels: readonly unknown[]): void {
    const given = labelsOfArguments(this.labelNames, labels);
    this.#rows.check(given, this.labelNames);
    const row = this.#rows.known(given);
    if (row !== 0) this.#rows.table.remove(row);
  }

  abstract reset(): void;

  /** Prepares the constant parts of the lines, and returns the function that writes the lines of a row. */
  protected abstract begin(lines: RowLines): (row: number) => void;
  /** The samples of a row, as lines show them. */
  protected abstract values(row: number): readonly MetricValue[];
  /** A row as an entry of `hashMap`. */
  protected abstract entry(row: number): object;

  /** The samples of a row, as `get()` shows them. */
  protected jsonValues(row: number): readonly MetricValue[] {
    return this.values(row);
  }

  /** Differences between the APIs that share this class. */
  protected get dialect(): Dialect {
    return promClientDialect;
  }

  protected get rows(): SeriesRows {
    return this.#rows;
  }

  /** Calls `collect` in this turn. Returns its promise if it is asynchronous. */
  protected updated(): unknown {
    const collected = this.collect?.();
    return isThenable(collected) ? collected : undefined;
  }

  protected shown(valuesOf: (row: number) => readonly MetricValue[]): MetricObject {
    const { name, help, type, aggregator } = this;
    const values: MetricValue[] = [];
    for (const row of this.#rows.rows()) values.push(...valuesOf(row));
    return { name, help, type, values, aggregator };
  }

  protected ignore(what: string): void {
    this.#ignored.add(this.name, what);
  }

  protected register(): void {
    for (const registry of this.registers) {
      if (this.enableExemplars && registry.contentType === PROMETHEUS_CONTENT_TYPE) {
        throw new TypeError('Exemplars are supported only on OpenMetrics registries');
      }
      registry.registerMetric(this);
    }
  }
}

function checkMetric({ help, name, labelNames, collect }: Metric, { invalidLabels }: Dialect): void {
  if (!help) throw new Error('Missing mandatory help parameter');
  if (!name) throw new Error('Missing mandatory name parameter');
  if (!validateMetricName(name)) throw new Error(`Invalid metric name: ${name}`);
  const invalid = labelNames.filter((label) => !validateLabelName(label));
  if (invalid.length > 0) {
    throw new Error(`${invalidLabels}: ${invalid.join(',')}`);
  }
  if (collect && typeof collect !== 'function') throw new Error('Optional "collect" parameter must be a function');
}
