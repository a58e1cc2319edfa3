import type { Exemplar, Point } from '../../model/family.ts';
import { isValidTime, writeExemplar } from './exemplar.ts';
import { DATA, EXPONENTIAL_POINT, type Field, HISTOGRAM_POINT, NUMBER_POINT, SUMMARY_POINT } from './fields.ts';
import type { MessageWriter } from './message-writer.ts';
import { labelsOf, type OtlpSeries, type Shape } from './otlp-series.ts';
import { isScopeLabel } from './scope.ts';

/** Flag of a point that marks the end of its series. */
const NO_RECORDED_VALUE = 1;

const FIELDS: { readonly [S in Shape]: CommonFields } = {
  gauge: NUMBER_POINT,
  state: NUMBER_POINT,
  counter: NUMBER_POINT,
  histogram: HISTOGRAM_POINT,
  exponentialHistogram: EXPONENTIAL_POINT,
  summary: SUMMARY_POINT,
};

/** Fields that all points have. */
interface CommonFields {
  readonly attributes: Field;
  readonly startTimeUnixNano: Field;
  readonly timeUnixNano: Field;
  readonly flags: Field;
}

/** Label that a state set adds to those of a point. */
export type StateLabel = readonly [name: string, value: string];

export interface PointOptions {
  /** Time of points that have none, in Unix seconds. */
  readonly time: number;
  readonly isDelta: boolean;
}

/** Writes one point after the other, each to the same writer. */
export class PointWriter {
  readonly #writer: MessageWriter;
  readonly #options: PointOptions;

  constructor(writer: MessageWriter, options: PointOptions) {
    this.#writer = writer;
    this.#options = options;
  }

  beginFamily(): void {
    this.#writer.beginFamily();
  }

  /** Starts a point, and drops the previous one. */
  open(fields: CommonFields, point: Point, startTimestamp: number | undefined, label?: StateLabel): MessageWriter {
    const writer = this.#writer;
    const time = this.timeOf(point);
    writer.clear();
    writer.openItem(DATA.dataPoints);
    writer.openList(fields.attributes);
    writer.labelItems(fields.attributes, point.labels);
    if (label !== undefined) writer.attribute(fields.attributes, ...label);
    writer.closeList();
    // After a step of the clock, a series may seem to have started in the future.
    if (startTimestamp !== undefined && isValidTime(startTimestamp) && startTimestamp <= time) {
      writer.time(fields.startTimeUnixNano, startTimestamp);
    }
    writer.time(fields.timeUnixNano, time);
    return writer;
  }

  openNumber(point: Point, value: number, startTimestamp: number | undefined, label?: StateLabel): void {
    this.open(NUMBER_POINT, point, startTimestamp, label).double(NUMBER_POINT.asDouble, value);
  }

  /** Writes exemplars; in a delta, only those of its interval. */
  exemplars(field: Field, exemplars: readonly (Exemplar | undefined)[], startTimestamp: number | undefined): void {
    const { isDelta, time } = this.#options;
    const since = isDelta ? (startTimestamp ?? 0) : 0;
    const shown = exemplars.filter((exemplar) => exemplar !== undefined && (exemplar.timestamp ?? time) >= since);
    if (shown.length === 0) return;
    this.#writer.openList(field);
    for (const exemplar of shown) if (exemplar !== undefined) writeExemplar(this.#writer, field, exemplar, time);
    this.#writer.closeList();
  }

  /** Ends the point. It is valid until the next one. */
  complete(): MessageWriter {
    this.#writer.close();
    return this.#writer;
  }

  /** Writes a point that marks the end of a series. */
  end(series: OtlpSeries): MessageWriter {
    const fields = FIELDS[series.shape];
    const writer = this.#writer;
    writer.clear();
    writer.openItem(DATA.dataPoints);
    writer.openList(fields.attributes);
    for (const [name, value] of labelsOf(series)) {
      if (!isScopeLabel(name)) writer.attribute(fields.attributes, name, value);
    }
    writer.closeList();
    writer.time(fields.timeUnixNano, this.#options.time);
    writer.small(fields.flags, NO_RECORDED_VALUE);
    return this.complete();
  }

  /** Returns the time of a point in Unix seconds. */
  timeOf({ timestamp }: Point): number {
    return timestamp !== undefined && isValidTime(timestamp) ? timestamp : this.#options.time;
  }
}
