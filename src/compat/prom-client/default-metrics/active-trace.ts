import { openTelemetryExemplars } from '../../../metrics/exemplars/open-telemetry.ts';
import { type LabelObject, NO_LABELS } from '../series/label-arguments.ts';

/** The trace and span that are active, in the names that prom-client gives them; no labels without OpenTelemetry. */
export function activeTrace(): LabelObject {
  const active = openTelemetryExemplars();
  return active === undefined ? NO_LABELS : { traceId: active['trace_id'], spanId: active['span_id'] };
}
