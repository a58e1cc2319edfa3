import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import { Metric } from './metric.ts';
import type { MetricOptions } from './metric-options.ts';
import type { LabelSchema, LabelsOf } from './series/label-schema.ts';
import type { Handle } from './series/series-table.ts';

export interface InfoOptions<S extends LabelSchema = readonly []> extends Omit<MetricOptions<S, Info<S>>, 'unit'> {}

/** Facts as labels of a series that is always 1: versions, configurations. Its name ends in `_info`. */
export class Info<const S extends LabelSchema = readonly []> extends Metric<S, InfoChild> {
  constructor(options: InfoOptions<S>) {
    super({ type: 'info' }, options);
    this.start(options);
  }

  /** Makes these the facts, instead of those before. */
  set(labels: LabelsOf<S>): void {
    this.replace([labels]);
  }

  /** Adds one more series. */
  add(labels: LabelsOf<S>): void {
    this.table.touch(this.row(labels));
  }

  /** Makes these the series, in one step. Nothing changes where one of them is refused. */
  replace(rows: Iterable<LabelsOf<S>>): void {
    const texts = [...rows].map((labels) => this.finder.texts(labels));
    this.replaceRows(texts, (row) => this.table.touch(row));
  }

  protected override makeChild(row: number): InfoChild {
    return new InfoChild(row);
  }

  protected override encodeRow(encoder: Encoder, point: Point): void {
    encoder.info(point);
  }
}

/** One series of an info; that it is there says it all. */
export class InfoChild implements Handle {
  row: number;

  constructor(row: number) {
    this.row = row;
  }
}
