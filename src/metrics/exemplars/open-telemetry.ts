import type { Labels } from '../../model/labels.ts';

/** The global of OpenTelemetry's API, version 1, and the key of the span in its contexts. */
const API = Symbol.for('opentelemetry.js.api.1');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
const SAMPLED = 1;

/** The used part of the API. Any of it may be missing. */
interface Api {
  readonly context?: { active?(): { getValue?(key: symbol): ActiveSpan | undefined } | undefined };
}

interface ActiveSpan {
  spanContext?(): { readonly traceId?: unknown; readonly spanId?: unknown; readonly traceFlags?: number } | undefined;
}

/**
 * Exemplar source that returns the active trace and span as `trace_id` and `span_id`, if OpenTelemetry is loaded and
 * the trace is sampled. Reads OpenTelemetry's global object and does not depend on its packages.
 *
 * @example
 * ```ts
 * import { Histogram, openTelemetryExemplars } from 'zeroprom';
 *
 * const durations = new Histogram({
 *   name: 'job_duration_seconds',
 *   help: 'Duration of jobs in seconds.',
 *   exemplarSource: openTelemetryExemplars,
 * });
 * durations.observe(0.2);
 * ```
 */
export function openTelemetryExemplars(): Labels | undefined {
  const api = (globalThis as { [API]?: Api })[API];
  const span = api?.context?.active?.()?.getValue?.(SPAN)?.spanContext?.();
  if (span === undefined || ((span.traceFlags ?? 0) & SAMPLED) === 0) return undefined;
  const { traceId, spanId } = span;
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return undefined;
  return { trace_id: traceId, span_id: spanId };
}
