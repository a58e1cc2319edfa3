import type { Descriptor, MetricType } from '../../model/family.ts';
import type { HistoryMemory } from '../history/history-memory.ts';
import { pointsOf, type TimeRing } from '../history/time-ring.ts';
import type { Family, FamilyHistory, FamilyValues } from '../protocol.ts';
import type { Aggregate } from './aggregate.ts';
import { HistogramAggregate, SummaryAggregate } from './distribution-aggregates.ts';
import type { ExemplarList } from './exemplar-list.ts';
import { FamilySeries, type SeriesLimits } from './family-series.ts';
import { CounterAggregate, GaugeAggregate } from './number-aggregates.ts';
import { cut } from './shown-text.ts';
import { InfoAggregate, StateSetAggregate } from './state-aggregates.ts';

const MAX_LABELS = 30;

/** A family with its series, its latest values and its history. */
export class FamilyRecord {
  readonly id: number;
  readonly descriptor: Descriptor;
  /** How the family is shown. */
  readonly #type: MetricType;
  readonly series: FamilySeries;
  readonly aggregate: Aggregate;
  exemplars: ExemplarList | undefined;
  /** Number of the sample that the family was last seen in. */
  seen = 0;
  values: FamilyValues = { series: 0 };
  /** Label names of the latest series that had others than the one before. */
  labelNames: readonly string[] = [];
  readonly #lines: Float32Array[] = [];

  constructor(id: number, descriptor: Descriptor, limits: SeriesLimits) {
    const { name, help, type, unit } = descriptor;
    this.id = id;
    this.descriptor = { name, help, type, unit };
    this.#type = isInfo(descriptor) ? 'info' : type;
    this.series = new FamilySeries(limits);
    this.aggregate = aggregateFor(descriptor);
  }

  beginSample(sample: number, seconds: number | undefined): void {
    this.seen = sample;
    this.series.begin(sample);
    this.aggregate.begin(seconds);
  }

  endSample(): void {
    this.series.end();
    this.values = this.aggregate.end(this.series.list.length + this.series.untracked);
  }

  /** The family without its values, which change more often. */
  get description(): Omit<Family, 'values'> {
    const { name, help, unit } = this.descriptor;
    return {
      id: this.id,
      name: cut(name),
      help: cut(help),
      type: this.#type,
      ...(unit ? { unit: cut(unit) } : {}),
      labels: this.labelNames.slice(0, MAX_LABELS).map((label) => cut(label)),
      ...this.aggregate.shape(),
    };
  }

  /** Writes the points of the latest sample; nothing is known if the family was missing. */
  writeLines(times: TimeRing, memory: HistoryMemory, isMissing: boolean): void {
    const points = isMissing ? [] : this.aggregate.points;
    const missing = points.length - this.#lines.length;
    if (missing > 0) this.#lines.push(...(memory.newLines(times, missing) ?? []));
    for (const [index, line] of this.#lines.entries()) line[times.slot] = points[index] ?? Number.NaN;
  }

  /** Writes the points of all series: the rate if they have one, otherwise the value. */
  writeSeries(times: TimeRing, memory: HistoryMemory, isMissing: boolean): void {
    const hasRate = /^(?:counter|histogram|summary)$/.test(this.descriptor.type);
    for (const series of this.series.list) {
      series.line ??= memory.newLines(times, 1)?.[0];
      if (series.line === undefined) return;
      series.line[times.slot] = isMissing ? Number.NaN : hasRate ? series.rate : series.last;
    }
  }

  /** Gives up the series and the memory of the history. */
  end(memory: HistoryMemory): void {
    this.series.clear();
    memory.release(this.#lines);
  }

  /** Returns the points in these slots. */
  history(slots: readonly number[]): FamilyHistory {
    const { quantiles, buckets } = this.aggregate.lines;
    const [line, ...others] = this.#lines.map((points) => pointsOf(points, slots));
    const type = this.#type;
    return {
      id: this.id,
      ...(line === undefined || type === 'info' || type === 'stateset' ? {} : { line }),
      ...(quantiles > 0 ? { quantiles: others.slice(0, quantiles) } : {}),
      ...(buckets > 0 ? { buckets: others.slice(quantiles, quantiles + buckets) } : {}),
      ...(type === 'stateset' ? { states: others } : {}),
    };
  }
}

/** In the text format, infos are gauges. */
function isInfo({ name, type }: Descriptor): boolean {
  return type === 'info' || (type === 'gauge' && name.endsWith('_info'));
}

function aggregateFor(descriptor: Descriptor): Aggregate {
  if (isInfo(descriptor)) return new InfoAggregate();
  switch (descriptor.type) {
    case 'counter':
      return new CounterAggregate();
    case 'gauge':
    case 'unknown':
      return new GaugeAggregate(descriptor);
    case 'histogram':
    case 'gaugehistogram':
      return new HistogramAggregate(descriptor);
    case 'summary':
      return new SummaryAggregate();
    case 'info':
      return new InfoAggregate();
    case 'stateset':
      return new StateSetAggregate();
  }
}
