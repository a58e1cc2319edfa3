import type { LabelSet } from '../../model/label-set.ts';
import { labelPairs } from '../../model/label-set.ts';
import { version } from '../../model/version.ts';

const PREFIX = 'otel_scope_';

/** The instrumentation scope of series. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Identifies the scope. */
  readonly key: string;
}

const OWN_SCOPE: Scope = { name: 'zeroprom', version, schemaUrl: '', attributes: [], key: '' };

/** Whether a label describes the scope of a series rather than the series (OpenTelemetry: Prometheus compatibility). */
export function isScopeLabel(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** Returns the scope that the labels of a series describe; without such labels, that of this package. */
export function scopeOf(labels: LabelSet): Scope {
  if (!labels.names.some(isScopeLabel)) return OWN_SCOPE;
  const pairs = labelPairs(labels)
    .filter(([name, value]) => isScopeLabel(name) && value !== '')
    .map(([name, value]): [string, string] => [name.slice(PREFIX.length), value])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (pairs.length === 0) return OWN_SCOPE;
  const textOf = (wanted: string) => pairs.find(([name]) => name === wanted)?.[1] ?? '';
  return {
    name: textOf('name'),
    version: textOf('version'),
    schemaUrl: textOf('schema_url'),
    attributes: pairs.filter(([name]) => !['name', 'version', 'schema_url'].includes(name)),
    key: JSON.stringify(pairs),
  };
}
