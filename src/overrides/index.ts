import { Overrides } from '../registry/overrides.ts';
import { readOverrides } from './read-overrides.ts';

export type { MetricOverride, OverrideFile } from '../registry/override-file.ts';
export { readOverrides };

// The package looks for it here. Importing this module enables overrides in a bundle.
(globalThis as Record<symbol, unknown>)[Symbol.for('zeroprom.overrides.reader.1')] ??= (text: string, path: string) =>
  new Overrides(readOverrides(text, path));
