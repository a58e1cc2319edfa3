import type { MetricFamily, MetricType } from '../../model/family.ts';
import { HistogramPoints } from './histogram-points.ts';
import { InfoPoints, NumberPoints } from './number-points.ts';
import type { PointCollector } from './points.ts';
import type { FamilyLabels, SharedLabels } from './shared-labels.ts';
import { StateSetPoints } from './state-set-points.ts';
import { SummaryPoints } from './summary-points.ts';

/** A family that is being read. */
export class FamilyDraft {
  /** As the document's metadata call it. */
  readonly name: string;
  help = '';
  unit: string | undefined;
  #type: MetricType;
  #points: PointCollector;
  #isEmpty = true;
  readonly #labels: FamilyLabels;

  constructor(name: string, type: MetricType, labels: SharedLabels) {
    this.name = name;
    this.#type = type;
    this.#labels = labels.family();
    this.#points = collectorOf(type, name, this.#labels);
  }

  get type(): MetricType {
    return this.#type;
  }

  get points(): PointCollector {
    this.#isEmpty = false;
    return this.#points;
  }

  /** Gives the family its type; false if it has samples already that another type would read differently. */
  setType(type: MetricType): boolean {
    if (type === this.#type) return true;
    if (!this.#isEmpty && !(isNumber(type) && isNumber(this.#type))) return false;
    this.#type = type;
    if (this.#isEmpty) this.#points = collectorOf(type, this.name, this.#labels);
    return true;
  }

  finish(name: string): MetricFamily {
    const { help, unit } = this;
    const family = { name, help, type: this.#type, ...(unit !== undefined && { unit }), points: this.#points.finish() };
    return family as MetricFamily; // collectorOf() paired the points with the type, which the compiler cannot see.
  }
}

function isNumber(type: MetricType): boolean {
  return type === 'counter' || type === 'gauge' || type === 'unknown';
}

function collectorOf(type: MetricType, name: string, labels: FamilyLabels): PointCollector {
  switch (type) {
    case 'counter':
    case 'gauge':
    case 'unknown':
      return new NumberPoints(labels);
    case 'histogram':
    case 'gaugehistogram':
      return new HistogramPoints(labels);
    case 'summary':
      return new SummaryPoints(labels);
    case 'info':
      return new InfoPoints(labels);
    case 'stateset':
      return new StateSetPoints(name, labels);
  }
}
