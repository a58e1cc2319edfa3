import type { Format } from './encoding/format.ts';
import {
  type MediaType,
  openMetrics0Type,
  openMetrics2Type,
  openMetricsType,
  protobufType,
  textType,
  textUtf8Type,
} from './encoding/media-types.ts';
import { text, textUtf8 } from './text/text-formats.ts';

/** A format whose encoder is loaded when a scraper first asks for it. */
export interface FormatOnRequest extends MediaType {
  load(): Format | Promise<Format>;
}

const loadOpenMetrics = () => import('./text/openmetrics-formats.ts');

/** The format of clients that ask for none. Its encoder is loaded already. */
export const textOnRequest: FormatOnRequest = { ...textType, load: () => text };

/** All formats in the order of `formats`. */
export const formatsOnRequest: readonly FormatOnRequest[] = [
  textOnRequest,
  { ...textUtf8Type, load: () => textUtf8 },
  { ...openMetricsType, load: async () => (await loadOpenMetrics()).openMetrics },
  { ...openMetrics0Type, load: async () => (await loadOpenMetrics()).openMetrics0 },
  { ...protobufType, load: async () => (await import('./protobuf/protobuf-format.ts')).protobuf },
  { ...openMetrics2Type, load: async () => (await loadOpenMetrics()).openMetrics2 },
];
