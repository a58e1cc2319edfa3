import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { OptionNames } from '../model/option-names.ts';
import { Metric } from './metric.ts';
import { METRIC_OPTIONS, type MetricOptions } from './metric-options.ts';
import type { LabelSchema, LabelsOf } from './series/label-schema.ts';
import { replaceSeries } from './series/replace-series.ts';
import type { Handle } from './series/series-table.ts';

/** Options of an {@link Info}. */
export interface InfoOptions<S extends LabelSchema = readonly []> extends Omit<MetricOptions<S, Info<S>>, 'unit'> {}

const INFO_OPTIONS: OptionNames<InfoOptions> = METRIC_OPTIONS;

/**
 * Facts as labels of a series whose value is always 1: versions, configurations. Its name ends in `_info`.
 *
 * @example
 * ```ts
 * import { Info } from 'zeroprom';
 *
 * const build = new Info({ name: 'build_info', help: 'Version of the program.', labelNames: ['version', 'commit'] });
 * build.set({ version: '1.4.0', commit: '9fceb02' });
 * ```
 */
export class Info<const S extends LabelSchema = readonly []> extends Metric<S, InfoChild> {
  /**
   * Creates the metric and registers it, unless `registry` is `null`.
   *
   * @throws {TypeError | RangeError} if an option is invalid.
   * @throws {Error} if the registry has a metric with a conflicting name.
   */
  constructor(options: InfoOptions<S>) {
    super({ type: 'info', optionNames: INFO_OPTIONS }, options);
    this.start(options);
  }

  /**
   * Replaces all series with one that has these labels.
   *
   * @throws {TypeError | RangeError} if the labels or their values are not those of the metric.
   */
  set(labels: LabelsOf<S>): void {
    this.replace([labels]);
  }

  /**
   * Adds a series.
   *
   * @throws {TypeError | RangeError} if the labels or their values are not those of the metric.
   */
  add(labels: LabelsOf<S>): void {
    this.table.touch(this.row(labels));
  }

  /**
   * Replaces all series in one step. Nothing changes if it throws.
   *
   * @throws {TypeError | RangeError} if labels or their values are not those of the metric.
   */
  replace(rows: Iterable<LabelsOf<S>>): void {
    const texts = [...rows].map((labels) => this.finder.texts(labels));
    replaceSeries(this.table, this.finder, texts, (row) => this.table.touch(row));
  }

  /** @internal */
  protected override makeChild(row: number): InfoChild {
    return new InfoChild(row);
  }

  /** @internal */
  protected override encodeRow(encoder: Encoder, point: Point): void {
    encoder.info(point);
  }
}

/**
 * One series of an {@link Info}. It has no operations, because the series exists from its creation on.
 *
 * @example
 * ```ts
 * import { Info } from 'zeroprom';
 *
 * const build = new Info({ name: 'build_info', help: 'Version of the program.', labelNames: ['version'] });
 * build.labels('1.4.0'); // Creates the series.
 * ```
 */
export class InfoChild implements Handle {
  /** @internal */
  row: number;

  /** @internal */
  constructor(row: number) {
    this.row = row;
  }
}
