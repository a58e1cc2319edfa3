import type { Exemplar, HistogramValue, MetricType, SummaryValue } from '../../model/family.ts';

/** A HELP, TYPE or UNIT line. */
export type MetadataLine = TextMetadataLine | TypeMetadataLine;

/** A HELP or UNIT line. */
export interface TextMetadataLine {
  /** First word after the `#`. */
  readonly keyword: 'HELP' | 'UNIT';
  /** Name of the metric family. */
  readonly name: string;
  /** The help text or the unit. */
  readonly text: string;
  /** Number of the line, from 1. */
  readonly line: number;
}

/** A TYPE line. */
export interface TypeMetadataLine {
  /** First word after the `#`. */
  readonly keyword: 'TYPE';
  /** Name of the metric family. */
  readonly name: string;
  /** Type of the metric family. */
  readonly type: MetricType;
  /** Number of the line, from 1. */
  readonly line: number;
}

/** The exemplar after the `#` of a sample. */
export interface ExemplarPart {
  /** Names of the labels. */
  readonly labelNames: readonly string[];
  /** Values at the same index as `labelNames`. */
  readonly labelValues: readonly string[];
  /** Observed value. */
  readonly value: number;
  /** Unix seconds. */
  readonly timestamp: number | undefined;
}

/** A sample line. Readers reuse the object: it is valid during the call only. */
export interface SampleLine {
  /** Number of the line, from 1. */
  readonly line: number;
  /** The full name with its suffix. */
  readonly name: string;
  /** Names of the labels. */
  readonly labelNames: readonly string[];
  /** Values at the same index as `labelNames`. */
  readonly labelValues: readonly string[];
  /** Value of the sample; NaN for a composite value. */
  readonly value: number;
  /** Unix seconds. */
  readonly timestamp: number | undefined;
  /** Unix seconds: the `st@` of OpenMetrics 2.0. */
  readonly startTimestamp: number | undefined;
  /** Exemplars; more than one only in OpenMetrics 2.0. */
  readonly exemplars: readonly ExemplarPart[];
  /** Histograms and summaries of OpenMetrics 2.0. */
  readonly composite: CompositeValue | undefined;
}

/**
 * Receives the lines of a document in their order.
 *
 * @example
 * ```ts
 * import { type LineHandler, readText } from 'zeroprom/parse';
 *
 * let samples = 0;
 * const counter: LineHandler = {
 *   metadata() {},
 *   sample() {
 *     samples++;
 *   },
 *   end() {
 *     console.log(samples); // 2
 *   },
 * };
 * readText('a 1\nb 2\n', counter);
 * ```
 */
export interface LineHandler {
  /** Called for each HELP, TYPE and UNIT line. */
  metadata(line: MetadataLine): void;
  /** Called for each sample. */
  sample(line: SampleLine): void;
  /** Called once, after the last line. */
  end(): void;
}

/** A series that Prometheus stores of a composite value and that the value of the model cannot represent. */
export interface CompositePart {
  /** Suffix after the name, such as `_count`. */
  readonly suffix: string;
  /** The upper bound of a bucket, or the quantile. */
  readonly bound: number | undefined;
  readonly value: number;
  /** Exemplar of a bucket in protobuf. */
  readonly exemplar?: Exemplar | undefined;
}

/** A histogram or summary as one value, as in OpenMetrics 2.0. */
export type CompositeValue = CompositeHistogram | CompositeSummary;

/** A histogram as one value. */
export interface CompositeHistogram {
  /** Type of the value. */
  readonly kind: 'histogram' | 'gaugehistogram';
  /** Undefined if all parts are in `loose`. */
  readonly value: HistogramValue | undefined;
  /** Parts of inconsistent values, in `prometheus` mode only. */
  readonly loose?: Iterable<CompositePart> | undefined;
}

/** A summary as one value. */
export interface CompositeSummary {
  /** Type of the value. */
  readonly kind: 'summary';
  /** Undefined if all parts are in `loose`. */
  readonly value: SummaryValue | undefined;
  /** Parts of inconsistent values, in `prometheus` mode only. */
  readonly loose?: Iterable<CompositePart> | undefined;
}
