import type { Format } from './encoding/format.ts';
import { protobuf } from './protobuf/protobuf-format.ts';
import { openMetrics, openMetrics0, openMetrics2 } from './text/openmetrics-formats.ts';
import { text, textUtf8 } from './text/text-formats.ts';

export type { Format } from './encoding/format.ts';
export { openMetrics, openMetrics0, openMetrics2, protobuf, text, textUtf8 };

/** All formats in order of preference, for clients that accept any. */
export const formats: readonly Format[] = [text, textUtf8, openMetrics, openMetrics0, protobuf, openMetrics2];
