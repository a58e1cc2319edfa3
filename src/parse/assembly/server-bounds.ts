import type { MetricType } from '../../model/family.ts';
import type { SamplePart } from '../../model/sample-names.ts';
import type { SampleLine } from '../lines/line-handler.ts';
import { canonicalBound } from '../lines/number.ts';

type BoundLabel = 'le' | 'quantile';

/**
 * Rewrites bounds as Prometheus does for text and OpenMetrics 1.0: it formats them as numbers in all lines after the TYPE line of a
 * histogram (`le`) or summary (`quantile`), up to the next TYPE line. All other bounds are unchanged.
 */
export class ServerBounds {
  #label: BoundLabel | undefined;

  /** Handles a TYPE line. */
  enter(type: MetricType): void {
    this.#label = type === 'histogram' ? 'le' : type === 'summary' ? 'quantile' : undefined;
  }

  /** Whether encoding a bound from its number gives the text that Prometheus stores. */
  isKept(line: SampleLine, part: SamplePart): boolean {
    const own = part === 'bucket' ? 'le' : part === 'quantile' ? 'quantile' : undefined;
    if (own === undefined || own === this.#label) return true;
    const text = line.labelValues[line.labelNames.indexOf(own)];
    return text === undefined || text === canonicalBound(text);
  }

  /** Returns the line that Prometheus stores, or the same line if nothing changes. `part` is the bound that is kept as a number. */
  written(line: SampleLine, part?: SamplePart): SampleLine {
    const label = this.#label;
    if (label === undefined || (label === 'le' ? part === 'bucket' : part === 'quantile')) return line;
    const at = line.labelNames.indexOf(label);
    if (at < 0) return line;
    return { ...line, labelValues: line.labelValues.with(at, canonicalBound(line.labelValues[at]!)) };
  }
}
