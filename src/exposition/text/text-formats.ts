import type { Format } from '../encoding/format.ts';
import { textType, textUtf8Type } from '../encoding/media-types.ts';
import { TextFormatEncoder } from './text-encoder.ts';

/** Prometheus text format 0.0.4, which every server can read. */
export const text: Format = { ...textType, encoder: (writer) => new TextFormatEncoder(writer) };

/**
 * Prometheus text format 1.0.0: the same as 0.0.4, with quoted names if the client asks for `escaping=allow-utf-8`, as
 * Prometheus does from 3.0.
 */
export const textUtf8: Format = { ...textUtf8Type, encoder: (writer) => new TextFormatEncoder(writer) };
