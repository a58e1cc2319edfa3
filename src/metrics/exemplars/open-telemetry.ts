import type { Labels } from '../../model/labels.ts';

/** Where OpenTelemetry's API, from version 1 on, keeps itself, and how its contexts know the span. */
const API = Symbol.for('opentelemetry.js.api.1');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
const SAMPLED = 1;

/** What is used of that API; any of it may be absent. */
interface Api {
  readonly context?: { active?(): { getValue?(key: symbol): ActiveSpan | undefined } | undefined };
}

interface ActiveSpan {
  spanContext?(): { readonly traceId?: unknown; readonly spanId?: unknown; readonly traceFlags?: number } | undefined;
}

/**
 * An exemplar source: the trace and span that are active now, as `trace_id` and `span_id`, if OpenTelemetry is in this
 * process and the trace is sampled. It reads OpenTelemetry's global object, and does not depend on it.
 */
export function openTelemetryExemplars(): Labels | undefined {
  const api = (globalThis as { [API]?: Api })[API];
  const span = api?.context?.active?.()?.getValue?.(SPAN)?.spanContext?.();
  if (span === undefined || ((span.traceFlags ?? 0) & SAMPLED) === 0) return undefined;
  const { traceId, spanId } = span;
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return undefined;
  return { trace_id: traceId, span_id: spanId };
}
