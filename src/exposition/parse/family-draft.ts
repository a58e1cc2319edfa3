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
  /** Made with the first sample: of many families there are none. */
  #points: PointCollector | undefined;
  readonly #labels: SharedLabels;

  constructor(name: string, type: MetricType, labels: SharedLabels) {
    this.name = name;
    this.#type = type;
    this.#labels = labels;
  }

  get type(): MetricType {
    return this.#type;
  }

  get isEmpty(): boolean {
    return this.#points === undefined;
  }

  get points(): PointCollector {
    this.#points ??= collectorOf(this.#type, this.name, this.#labels.family());
    return this.#points;
  }

  /** Gives the family its type; false if it has samples already that another type would read differently. */
  setType(type: MetricType): boolean {
    if (type === this.#type) return true;
    if (this.#points !== undefined && !(isNumber(type) && isNumber(this.#type))) return false;
    this.#type = type;
    return true;
  }

  finish(name: string): MetricFamily {
    const { help, unit } = this;
    const family = {
      name,
      help,
      type: this.#type,
      ...(unit !== undefined && { unit }),
      points: this.#points?.finish() ?? [],
    };
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
