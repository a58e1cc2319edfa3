import { Counter } from '../../metrics/counter.ts';
import { Gauge } from '../../metrics/gauge.ts';
import { Histogram, type HistogramOptions } from '../../metrics/histogram.ts';
import { Info } from '../../metrics/info.ts';
import type { MetricDefinition, SharedMetric } from '../../metrics/metric-definition.ts';
import { PeakGauge } from '../../metrics/peak-gauge.ts';
import { ONLY_ROW } from '../../metrics/series/series-finder.ts';
import { StateSet, type StateSetOptions } from '../../metrics/state-set.ts';
import { Summary } from '../../metrics/summary.ts';
import type { DirectCollector } from '../../model/collector.ts';
import type { SharedRows } from './shared-table.ts';
import { SharedTextReader } from './shared-texts.ts';

/** A metric of this package, whose table can be shared. */
export type ShareableMetric = DirectCollector & { readonly shared: SharedMetric };

/**
 * A metric of another thread: one of the same class whose rows are in the memory of the other thread. Moved rows get a
 * new metric, so that an encoding in progress ends with the rows that it began with.
 */
export class FollowedMetric {
  readonly #definition: MetricDefinition;
  #metric: ShareableMetric;
  #rows: SharedRows | undefined = undefined;
  #texts: readonly SharedTextReader[] = [];
  /** A copy, because a series must not be removed while an encoder reads its labels. */
  #ids = new Int32Array(0);
  readonly #keepsDeparted: boolean;
  #departed: ShareableMetric[] = [];

  /** `keepsDeparted` tells whether removed series are kept for `takeDeparted()`. */
  constructor(definition: MetricDefinition, { keepsDeparted = false }: { readonly keepsDeparted?: boolean } = {}) {
    this.#definition = definition;
    this.#keepsDeparted = keepsDeparted;
    this.#metric = build(definition);
  }

  /** The metric as of the last `refresh()`. */
  get metric(): ShareableMetric {
    return this.#metric;
  }

  /** Uses other arrays from the next `refresh()` on. */
  follow(rows: SharedRows): void {
    if (rows.epoch !== this.#rows?.epoch) {
      if (this.#keepsDeparted) this.refresh(); // The old arrays still have the series that were removed from them.
      if (this.#rows !== undefined) this.#metric = build(this.#definition);
      this.#texts = rows.texts.map(() => new SharedTextReader());
      this.#ids = new Int32Array(0);
    }
    for (const [index, bytes] of rows.texts.entries()) this.#texts[index]?.follow(bytes);
    this.#metric.shared.table.lost = rows.lost;
    this.#rows = rows;
  }

  /** Takes over the rows that have been added and removed since the last time. */
  refresh(): void {
    const rows = this.#rows;
    if (rows === undefined) return;
    const width = this.#texts.length;
    if (width === 0) {
      this.#metric.shared.table.follow(rows.ids, rows.columns, { lastRow: ONLY_ROW, removed: 0 });
      return;
    }
    // In this order: the owner stores the values of labels first, and the last row last.
    const storedRow = Atomics.load(rows.ids, 0);
    const { values } = this.#metric.shared.table.index;
    for (const [index, texts] of this.#texts.entries()) texts.readNew((text) => values[index]?.intern(text));
    const stored = rows.ids.subarray(0, (storedRow + 1) * width);
    const ids = this.#keepsDeparted ? stored.slice() : stored; // No removal must be missed.
    const lastRow = this.#lastKnown(ids, storedRow);
    if (this.#ids.length < rows.ids.length) this.#ids = resized(this.#ids, rows.ids.length);
    if (this.#keepsDeparted) this.#keepDeparted(ids, rows.columns, lastRow);
    this.#ids.set(ids.subarray(0, (lastRow + 1) * width));
    const removed = countRemoved(this.#ids, width, lastRow);
    this.#metric.shared.table.follow(this.#ids, rows.columns, { lastRow, removed });
  }

  /** Returns metrics with the series that were removed since the last call; each has its last value. */
  takeDeparted(): readonly ShareableMetric[] {
    return this.#departed.splice(0);
  }

  /** If series were removed, makes a metric of them, and another one for the others: the old one may be in use. */
  #keepDeparted(ids: Int32Array, columns: readonly Float64Array[], lastRow: number): void {
    const width = this.#texts.length;
    const departed = new Int32Array((lastRow + 1) * width).fill(-1);
    let count = 0;
    for (let at = width; at <= lastRow * width; at += width) {
      if (this.#ids[at]! < 0 || ids[at]! >= 0) continue;
      departed.set(ids.subarray(at, at + width), at);
      departed[at] = ~ids[at]!; // See LabelIndex.remove().
      count++;
    }
    if (count === 0) return;
    const metric = this.#copy();
    metric.shared.table.follow(departed, columns, { lastRow, removed: lastRow - count });
    this.#departed.push(metric);
    this.#metric = this.#copy();
    this.#ids = this.#ids.slice();
  }

  /** Returns a metric with the same label values and no rows. */
  #copy(): ShareableMetric {
    const metric = build(this.#definition);
    const { index } = metric.shared.table;
    for (const [label, { texts }] of this.#metric.shared.table.index.values.entries()) {
      for (const text of texts) index.values[label]?.intern(text);
    }
    metric.shared.table.lost = this.#metric.shared.table.lost;
    return metric;
  }

  /** The last of the rows whose label values are known. The message with more values may arrive after the row. */
  #lastKnown(ids: Int32Array, storedRow: number): number {
    const { rowCount, shared } = this.#metric;
    const { values } = shared.table.index;
    const width = values.length;
    for (let row = rowCount + 1; row <= storedRow; row++) {
      const isKnown = values.every(({ texts }, index) => {
        const id = ids[row * width + index]!;
        return (id < 0 ? ~id : id) < texts.length;
      });
      if (!isKnown) return row - 1;
    }
    return storedRow;
  }

  /** Shows what the number columns do not have; see `Details`. Ignores details of rows that have moved since. */
  followDetails(epoch: number, byRow: readonly unknown[]): void {
    if (epoch === this.#rows?.epoch) this.#metric.shared.details?.followDetails(byRow);
  }
}

function resized(ids: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(ids);
  return larger;
}

function countRemoved(ids: Int32Array, width: number, lastRow: number): number {
  let removed = 0;
  for (let at = width; at <= lastRow * width; at += width) if (ids[at]! < 0) removed++;
  return removed;
}

/** Creates an empty metric with the schema of another one. */
function build({
  descriptor,
  labelNames,
  constLabels,
  shape: { isPeak, ...shape },
}: MetricDefinition): ShareableMetric {
  const { name, help, type, unit, acrossWorkers } = descriptor;
  const options = { name, help, labelNames, constLabels, registry: null, ...(unit === undefined ? {} : { unit }) };
  // The shape comes from a metric of the same class.
  switch (type) {
    case 'counter':
      return new Counter(options);
    case 'gauge':
      return isPeak === true
        ? new PeakGauge({ ...options, ...shape })
        : new Gauge({ ...options, ...(acrossWorkers && { acrossWorkers }) });
    case 'histogram':
      return new Histogram({ ...options, ...(shape as Partial<HistogramOptions>) });
    case 'summary':
      return new Summary({ ...options, ...shape });
    case 'info':
      return new Info(options);
    case 'stateset':
      return new StateSet({
        ...options,
        ...(shape as Pick<StateSetOptions<string>, 'states'>),
        ...(acrossWorkers === 'mostRecent' && { acrossWorkers }),
      });
    case 'gaugehistogram':
    case 'unknown':
      throw new TypeError(`${name}: metrics of type ${type} cannot be shared.`);
  }
}
