import type { MetricType } from '../../model/family.ts';
import type { SamplePart } from '../../model/sample-names.ts';
import type { SampleLine } from '../lines/line-handler.ts';
import { canonicalBound } from '../lines/number.ts';

type BoundLabel = 'le' | 'quantile';

/**
 * Writes bounds as a server does when it scrapes text or OpenMetrics 1.0: anew, as a number, in all lines that follow the
 * TYPE line of a histogram (`le`) or of a summary (`quantile`) up to the next TYPE line; anywhere else they stay as they are.
 */
export class ServerBounds {
  #label: BoundLabel | undefined;

  /** There was a TYPE line. */
  enter(type: MetricType): void {
    this.#label = type === 'histogram' ? 'le' : type === 'summary' ? 'quantile' : undefined;
  }

  /** Whether a bound that is kept as a number will be written as the server has it. */
  isKept(line: SampleLine, part: SamplePart): boolean {
    const own = part === 'bucket' ? 'le' : part === 'quantile' ? 'quantile' : undefined;
    if (own === undefined || own === this.#label) return true;
    const text = line.labelValues[line.labelNames.indexOf(own)];
    return text === undefined || text === canonicalBound(text);
  }

  /** The line as a server has it; the same line where there is nothing to do. `part` tells which bound is kept as a number. */
  written(line: SampleLine, part?: SamplePart): SampleLine {
    const label = this.#label;
    if (label === undefined || (label === 'le' ? part === 'bucket' : part === 'quantile')) return line;
    const at = line.labelNames.indexOf(label);
    if (at < 0) return line;
    return { ...line, labelValues: line.labelValues.with(at, canonicalBound(line.labelValues[at]!)) };
  }
}
