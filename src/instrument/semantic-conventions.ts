import { Histogram, type HistogramOptions } from '../metrics/histogram.ts';
import type { Labels } from '../model/labels.ts';
import { OTHER } from './bounded-labels.ts';

/** Names of the metrics: those of Prometheus, those of OpenTelemetry's semantic conventions, or both. */
export type HttpNames = 'classic' | 'semconv' | 'both';

/** Buckets that the semantic conventions recommend, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Checks the option `names`. */
export function namesOption(names: unknown = 'classic'): { readonly isClassic: boolean; readonly isStable: boolean } {
  if (names !== 'classic' && names !== 'semconv' && names !== 'both') {
    throw new RangeError(`names must be 'classic', 'semconv' or 'both', got ${JSON.stringify(names)}.`);
  }
  return { isClassic: names !== 'semconv', isStable: names !== 'classic' };
}

/** Creates the histogram of a semantic convention, with the unit as suffix, as Prometheus translates names. */
export function stableDurations(
  kind: 'server' | 'client',
  labelNames: readonly string[],
  options: Pick<HistogramOptions, 'buckets' | 'native' | 'exemplarSource'> & { readonly labels: Labels },
): Histogram<readonly string[]> {
  const { labels, ...others } = options;
  return new Histogram<readonly string[]>({
    buckets: others.native === undefined ? BUCKETS : [],
    ...others,
    name: `http.${kind}.request.duration_seconds`,
    unit: 'seconds',
    help: `Duration of HTTP ${kind} requests.`,
    labelNames,
    constLabels: labels,
    registry: null,
  });
}

/** The labels of a status; empty labels are missing. */
export function stableStatus(
  status: number | string,
  firstError = 500,
): { readonly status: string; readonly error: string } {
  if (typeof status === 'string') return { status: '', error: status === OTHER ? '_OTHER' : status };
  return { status: String(status), error: status >= firstError ? String(status) : '' };
}

/** The method in the semantic conventions. */
export function stableMethod(method: string): string {
  return method === OTHER ? '_OTHER' : method;
}
