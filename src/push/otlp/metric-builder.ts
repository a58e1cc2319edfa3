import type { Descriptor } from '../../model/family.ts';
import type { Baseline } from './delta.ts';
import { DATA, METRIC, SCOPE_METRICS } from './fields.ts';
import type { MessageWriter } from './message-writer.ts';
import { type EncodedMetric, MAX_REQUEST_BYTES } from './otlp-requests.ts';
import type { OtlpSeries, SeriesTable, Shape } from './otlp-series.ts';
import type { Scope } from './scope.ts';
import { ucumUnit } from './unit.ts';

const DELTA = 1;
const CUMULATIVE = 2;

const FIELDS = {
  gauge: METRIC.gauge,
  state: METRIC.sum,
  counter: METRIC.sum,
  histogram: METRIC.histogram,
  exponentialHistogram: METRIC.exponentialHistogram,
  summary: METRIC.summary,
};

/** Whether points of a shape may be deltas. */
export function hasDeltas(shape: Shape): boolean {
  return shape === 'counter' || shape === 'histogram' || shape === 'exponentialHistogram';
}

export interface MetricOptions {
  readonly descriptor: Descriptor;
  readonly shape: Shape;
  readonly scope: Scope;
  readonly isDelta: boolean;
  readonly table: SeriesTable;
  readonly gathering: number;
}

/** Collects the points of a metric that go into one request. */
export class MetricBuilder {
  readonly #options: MetricOptions;
  readonly #points: MessageWriter;
  #count = 0;
  /** Series with their new baselines, or without one if the point is their end. */
  readonly #changes: (readonly [series: OtlpSeries, baseline: Baseline | undefined])[] = [];

  /** Takes ownership of an empty writer. */
  constructor(options: MetricOptions, writer: MessageWriter) {
    this.#options = options;
    this.#points = writer;
  }

  add(point: MessageWriter): void {
    this.#points.copy(point);
    this.#count++;
  }

  /** Records that the receiver knows this value of a series once it has acknowledged the metric; undefined for its end. */
  change(series: OtlpSeries, baseline: Baseline | undefined): void {
    this.#changes.push([series, baseline]);
  }

  /** Whether the metric has as many points or bytes as a request may have. */
  isFull(maxPoints: number): boolean {
    return this.#count >= maxPoints || this.#points.length >= MAX_REQUEST_BYTES;
  }

  /** Returns the metric; `writer` is an empty writer. */
  end(writer: MessageWriter): EncodedMetric {
    const { descriptor, shape, scope, isDelta, table, gathering } = this.#options;
    const { name, help, unit, type } = descriptor;
    writer.openItem(SCOPE_METRICS.metrics);
    writer.text(METRIC.name, name);
    if (help !== '') writer.text(METRIC.description, help);
    if (unit !== undefined && unit !== '') writer.text(METRIC.unit, ucumUnit(unit));
    writer.open(FIELDS[shape]);
    writer.openList(DATA.dataPoints);
    writer.copy(this.#points);
    writer.closeList();
    if (shape === 'state' || hasDeltas(shape)) writer.small(DATA.aggregationTemporality, isDelta ? DELTA : CUMULATIVE);
    if (shape === 'counter') writer.flag(DATA.isMonotonic, true);
    writer.close();
    writer.openList(METRIC.metadata);
    writer.attribute(METRIC.metadata, 'prometheus.type', type);
    writer.closeList();
    writer.close();
    const changes = this.#changes;
    return {
      scope,
      bytes: writer.take(),
      points: this.#count,
      acknowledge: () => {
        for (const [series, baseline] of changes) {
          if (baseline === undefined) table.remove(series, gathering);
          else series.baseline = baseline;
        }
      },
    };
  }
}
